package desk

import (
	"slices"
	"time"

	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Kind of an act.
type Kind string

// The kinds.
const (
	Reissue    Kind = "reissue"
	Extend     Kind = "extend"
	Compensate Kind = "compensate"
)

// Kinds are all of them. Their places, from 1, are stored: never reorder.
var Kinds = []Kind{Reissue, Extend, Compensate}

// Number is the kind's small number, zero for none.
func (k Kind) Number() int64 { return int64(slices.Index(Kinds, k) + 1) }

// KindOf is the kind of a small number, "" for none.
func KindOf(number int64) Kind {
	if number < 1 || number > int64(len(Kinds)) {
		return ""
	}
	return Kinds[number-1]
}

// Quota is how many acts of a kind a day holds.
type Quota struct {
	Agent int64 `json:"agent"` // of each agent
	All   int64 `json:"all"`   // of all together
}

// Bounds of what a desk is set to.
const (
	MostQuota      = 1_000_000
	MostExtendDays = 366
	MostTemplates  = 200
)

// Desk is the service desk of a market. A market that has none set has Default.
type Desk struct {
	Market     string           `json:"market"`
	Reissue    Quota            `json:"reissue"`
	Extend     Quota            `json:"extend"`
	Compensate Quota            `json:"compensate"`
	ExtendDays int64            `json:"extend_days"` // by how many days agents may move the end of one coupon; also how long a replacement may live beyond its terms
	Templates  []id.ID          `json:"templates"`   // those that compensate
	Rev        int64            `json:"-"`           // zero: it was never set
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Default is the desk of a market where nobody has set one: no template compensates.
func Default(market string) Desk {
	q := Quota{Agent: 20, All: 200}
	return Desk{Market: market, Reissue: q, Extend: q, Compensate: q, ExtendDays: 30}
}

// Of is the quota of a kind.
func (d *Desk) Of(k Kind) Quota {
	switch k {
	case Reissue:
		return d.Reissue
	case Extend:
		return d.Extend
	case Compensate:
		return d.Compensate
	}
	return Quota{}
}

// extension is by how much agents may move the end of one coupon.
func (d *Desk) extension() time.Duration { return time.Duration(d.ExtendDays) * 24 * time.Hour }

// Validate looks for values out of range; pointers begin with at.
func (d *Desk) Validate(at string, l *fault.List) {
	for _, k := range Kinds {
		q := d.Of(k)
		for _, v := range []struct {
			name  string
			value int64
		}{{"agent", q.Agent}, {"all", q.All}} {
			if v.value < 0 || v.value > MostQuota {
				l.Add(fault.New(fault.OutOfRange, "min", 0, "max", MostQuota).At(at + "/" + string(k) + "/" + v.name))
			}
		}
	}
	if d.ExtendDays < 0 || d.ExtendDays > MostExtendDays {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", MostExtendDays).At(at + "/extend_days"))
	}
	if len(d.Templates) > MostTemplates {
		l.Add(fault.New(fault.TooLong, "max", MostTemplates).At(at + "/templates"))
	}
}

// Act is what an agent did for a member.
type Act struct {
	ID     id.ID
	Member id.ID
	Kind   Kind
	Market string
	Agent  string // principal
	Day    calendar.Date
	At     calendar.Instant
	Coupon id.ID            // that was given again or extended; zero of a compensation
	Issued id.ID            // the coupon that was given; zero of an extension
	From   calendar.Instant // of an extension: the end before
	To     calendar.Instant // the end of the coupon after the act
	Reason string
}

// Number names the counters of a desk's kind, in the place of a template.
func Number(market string, k Kind) id.ID { return limit.Numbered("desk/" + market + "/" + string(k)) }

// AgentNumber is the subject under which an agent is counted.
func AgentNumber(agent string) id.ID { return limit.Numbered("agent/" + agent) }

// Keys names the counters of an act: the agent's, and that of all.
func Keys(market string, k Kind, agent string, day calendar.Date) []limit.Key {
	of := limit.Key{Template: Number(market, k), Per: limit.PerAgent, Subject: AgentNumber(agent), What: limit.DeskCount, Period: limit.Day, Start: day}
	all := of
	all.Per, all.Subject = limit.PerTemplate, 0
	return []limit.Key{of, all}
}

// Take counts one act under keys (of Keys), or refuses it with quota_reached and
// counts nothing: param per says whose quota, agent or all.
func (d *Desk) Take(k Kind, keys []limit.Key, counters map[limit.Key]*limit.Counter) *fault.Fault {
	caps := []int64{d.Of(k).Agent, d.Of(k).All}
	for i, key := range keys {
		row := counters[key]
		if row == nil {
			return fault.New(fault.InternalError, "counter", string(key.What))
		}
		if !limit.Room(*row, caps[i], 1) {
			return fault.New(fault.QuotaReached, "per", [...]string{"agent", "all"}[i], "cap", caps[i], "act", string(k))
		}
	}
	for i, key := range keys {
		limit.Take(counters[key], caps[i], 1)
	}
	return nil
}

// Used is how many acts of a day are taken of a quota's counters, the agent's first.
func Used(keys []limit.Key, counters map[limit.Key]limit.Counter) Quota {
	return Quota{Agent: counters[keys[0]].Taken, All: counters[keys[1]].Taken}
}
