package issuing

import (
	"quan/internal/app"
	"quan/internal/kernel/id"
)

// What a member, a device and an address may guess wrongly. An address is shared by
// many (an office, a mobile network), so its bound is high.
var (
	memberPace  = app.Pace{Burst: 10, Every: 60_000}
	devicePace  = app.Pace{Burst: 20, Every: 30_000}
	addressPace = app.Pace{Burst: 300, Every: 1000, Shared: true}
)

// meters of a guess; an empty device or address has none.
func meters(who id.ID, device, address string) []app.Meter {
	list := []app.Meter{{Name: "m" + id.Format(id.Member, who), Pace: memberPace}}
	if device != "" {
		list = append(list, app.Meter{Name: "d" + device, Pace: devicePace})
	}
	if address != "" {
		list = append(list, app.Meter{Name: "a" + address, Pace: addressPace})
	}
	return list
}
