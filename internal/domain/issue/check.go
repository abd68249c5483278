package issue

import (
	"slices"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// check looks for refusals in Order; with all unset it stops at the first.
type check struct {
	r        *Request
	held     []coupon.Coupon
	draw     draw
	takings  []limit.Taking
	counters map[limit.Key]*limit.Counter
	all      bool
	found    []*fault.Fault
}

// newCheck draws a batch where the template has some, and gathers what is taken.
func newCheck(r *Request, held []coupon.Coupon, counters map[limit.Key]*limit.Counter) check {
	c := check{r: r, held: held, takings: r.takings(), counters: counters}
	if r.Version == nil {
		return c
	}
	if c.draw = r.draw(counters); c.draw.Batch != nil {
		liability, _ := r.Version.Doc.Terms.Liability()
		c.takings = append(c.takings, c.draw.Takings(liability)...)
	}
	return c
}

// run asks the steps one by one; each appends in Order.
func (c *check) run() {
	for _, step := range [...]func(){c.code, c.template, c.window, c.placement, c.batch, c.budgets, c.channel, c.city, c.when, c.member, c.newcomer, c.limits} {
		step()
		if len(c.found) > 0 && !c.all {
			return
		}
	}
}

func (c *check) refuse(code fault.Code, params ...any) {
	c.found = append(c.found, fault.New(code, params...))
}

// code asks first: what a code that is used up would have brought is no stranger's
// matter.
func (c *check) code() {
	if c.r.Code == nil {
		return
	}
	if row := c.counters[c.r.Code.Key()]; row != nil && !limit.Room(*row, c.r.Code.Cap, 1) {
		c.refuse(fault.CodeInvalid)
	}
}

func (c *check) template() {
	t := c.r.Template
	if c.r.Version == nil || t.Status == coupon.StatusDraft {
		c.refuse(fault.TemplateNotPublished)
	}
	if t.Status == coupon.StatusArchived {
		c.refuse(fault.TemplateArchived)
	}
	if t.Status == coupon.StatusPublished && !t.Claiming {
		c.refuse(fault.ClaimingStopped)
	}
}

func (c *check) window() {
	if c.r.Version == nil {
		return
	}
	if c.r.Form != coupon.FormGrant {
		closed := c.r.Version.Doc.Claim.Closed(c.r.Now, c.r.Market.Location())
		if closed != nil {
			c.found = append(c.found, closed)
		}
		if closed != nil && closed.Code == fault.ClaimEnded {
			return
		}
	}
	if c.draw.refusal != "" && c.r.ownDates() { // what could tell the dates gives out nothing
		return
	}
	if span := c.r.interval(c.draw.Batch); span.To <= span.From || span.To <= c.r.Now {
		c.refuse(fault.ClaimEnded, "to", span.To)
	}
}

func (c *check) placement() {
	p := c.r.Placement
	if p == nil {
		return
	}
	fits := p.Template == c.r.Template.ID
	if c.r.Pack != 0 {
		fits = p.Pack == c.r.Pack
	}
	if !fits || !p.OpenAt(c.r.Now) {
		c.refuse(fault.PlacementClosed)
	}
}

func (c *check) batch() {
	if c.draw.refusal == fault.BatchClosed {
		c.refuse(fault.BatchClosed)
	}
}

func (c *check) channel() {
	r, p := c.r, c.r.Placement
	foreign := p != nil && p.Channel != "" && r.Channel != "" && r.Channel != p.Channel
	if foreign || r.Version != nil && !c.allowed(r.Version.Doc.Claim.Place.Channels, r.channel()) {
		c.refuse(fault.ChannelNotAllowed, "channel", r.channel())
	}
}

func (c *check) city() {
	if c.r.Version != nil && !c.allowed(c.r.Version.Doc.Claim.Place.Cities, c.r.City) {
		c.refuse(fault.CityNotAllowed, "city", c.r.City)
	}
}

// allowed asks an allow-list; grants and imports are asked only for what they name.
func (c *check) allowed(list []string, value string) bool {
	if len(list) == 0 || value == "" && c.r.Form != coupon.FormClaim && c.r.Form != coupon.FormCode && c.r.Form != coupon.FormPacket {
		return true
	}
	return slices.Contains(list, value)
}

// when asks the conditions of the claim rules. What an import says happened
// elsewhere, under the rules of that time.
func (c *check) when() {
	if c.r.Version == nil || c.r.Version.Doc.Claim.When.IsZero() || c.r.Form == coupon.FormImport {
		return
	}
	program := c.r.When
	if program == nil {
		var err error
		if program, err = condition.Compile(c.r.Version.Doc.Claim.When); err != nil {
			c.refuse(fault.ConditionNotMet, "rule", "/claim/when")
			return
		}
	}
	if ok, why := program.Check(c.r.knowledge()); !ok {
		kind := ""
		if why.Tree.Leaf != nil {
			kind = why.Tree.Leaf.Type()
		}
		c.refuse(fault.ConditionNotMet, "rule", "/claim/when"+why.Pointer, "type", kind)
	}
}

// knowledge are the facts of the request: what it says itself, and the caller's.
func (r *Request) knowledge() *condition.Facts {
	f := condition.Facts{}
	if r.Facts != nil {
		f = *r.Facts
	}
	f.Moment = condition.MomentOf(r.Now, r.Market.Location())
	f.Channel = r.channel()
	f.Place.City = r.City
	return &f
}

func (c *check) member() {
	if c.r.Member.Blocked {
		c.refuse(fault.MemberBlocked)
	}
}

func (c *check) newcomer() {
	if c.r.Version == nil || !c.r.newcomer() {
		return
	}
	for i := range c.held {
		if c.bars(&c.held[i]) {
			c.refuse(fault.NewcomerHeld)
			return
		}
	}
}

// bars reports whether a held coupon is another live newcomer issue.
func (c *check) bars(held *coupon.Coupon) bool {
	live := held.State == coupon.Usable || held.State == coupon.Locked
	samePack := c.r.Origin != 0 && held.Origin == c.r.Origin
	return held.Newcomer && live && c.r.Now < held.ValidTo && !samePack
}

// budgets asks whether those that the version draws on are open. What an import
// says happened elsewhere.
func (c *check) budgets() {
	for _, b := range c.r.Budgets {
		if c.r.Form != coupon.FormImport && !b.OpenAt(c.r.Now) {
			c.refuse(fault.BudgetClosed, "budget", id.Format(id.Budget, b.ID))
			return
		}
	}
}

func (c *check) limits() {
	start := len(c.found)
	at := func(k limit.Key) *limit.Counter { return c.counters[k] }
	for i := range c.takings {
		t := &c.takings[i]
		if t.Missing != "" {
			c.missing(t.Missing)
			continue
		}
		row := c.counters[t.Key]
		if t.Key.Per == limit.PerCode && row != nil {
			continue // asked first
		}
		if row == nil {
			c.refuse(fault.InternalError, "counter", string(t.Key.What))
			continue
		}
		if !t.Fits(at) {
			c.found = append(c.found, full(t))
		}
	}
	if why := c.draw.refusal; why != "" && why != fault.BatchClosed {
		c.refuse(why, "what", "batch")
	}
	slices.SortStableFunc(c.found[start:], func(a, b *fault.Fault) int { return rank(a.Code) - rank(b.Code) })
}

// missing refuses a member who acts without saying what a limit counts by. Of what
// quan or an operator gives, nothing is known, and nothing counted.
func (c *check) missing(per limit.Per) {
	if c.r.Form == coupon.FormClaim || c.r.Form == coupon.FormCode {
		c.found = append(c.found, fault.New(fault.MissingValue).At("/"+string(per)))
	}
}

// rank is a code's place in Order; what is not in it (a broken call) comes first.
func rank(c fault.Code) int { return slices.Index(Order, c) }

// full is the refusal of a limit without room.
func full(t *limit.Taking) *fault.Fault {
	f := fault.New(refusalOf(t), "cap", t.Limit.Cap, "period", string(t.Limit.Period), "what", string(t.Limit.What))
	if t.Budget != 0 {
		f.Params = append(f.Params, fault.Param{Name: "budget", Value: id.Format(id.Budget, t.Budget)})
	}
	return f
}

func refusalOf(t *limit.Taking) fault.Code {
	l := &t.Limit
	switch l.Per {
	case limit.PerMember:
		return fault.MemberLimit
	case limit.PerPerson:
		return fault.PersonLimit
	case limit.PerDevice:
		return fault.DeviceLimit
	case limit.PerPayer:
		return fault.PayerLimit
	case limit.PerPlacement:
		return fault.PlacementLimit
	}
	switch {
	case l.What.Amount() || t.Watch:
		return fault.BudgetExhausted
	case l.Period == limit.Ever || l.Period == limit.Campaign:
		return fault.SoldOut
	}
	return fault.PeriodLimit
}
