package sim

// mistakes are what a test has the model do wrong, to see that the simulator
// tells. Each stands where the model does it.
var mistakes = []string{"limit off by one", "expired a moment late", "percent rounded down", "replaced lock keeps its limits",
	"lock not released", "late payment misjudged", "refund rounded up", "returned coupon stays used",
	"session ends a moment late", "batch off by one", "second try acts again",
	"rolling hours too few", "liability is never settled",
	"packet ends late", "packet keeps its rest", "pack is not counted", "what a pack lacks is counted", "share takes the offer's amount",
	"desk extends too far", "a coupon is given again twice"}

// slip is 1 where the model makes this mistake.
func (m *model) slip(wrong string) int64 {
	if m.wrong == wrong {
		return 1
	}
	return 0
}
