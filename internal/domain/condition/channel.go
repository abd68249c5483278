package condition

// Channel asks for the channel: where the coupon is offered in a claim tree, where the
// order is made in a use tree.
type Channel struct {
	In []string `json:"in"` // channels, one is enough
	Fallback
}

var channelFact = word{dimension{kind: dimChannel}, func(f *Facts) string { return f.Channel }}

// Type is channel.
func (c *Channel) Type() string { return "channel" }

// Check compares the fact with In.
func (c *Channel) Check(f *Facts) Answer { return channelFact.in(f, c.In) }

// Form has In.
func (c *Channel) Form() Form { return form(c.Type(), wordList("in", NamedChannel).required()) }

// Explain names In.
func (c *Channel) Explain() Saying { return say(c.Type(), items(NamedChannel, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *Channel) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the fact is always at hand.
func (c *Channel) Needs(*Needs) {}

func (c *Channel) compile() (check, error) { return channelFact.compile(c.In) }

func (c *Channel) cost() int64 { return int64(len(c.In)) }

func (c *Channel) reach(holds bool) []constraint { return channelFact.reach(c.In, c.Fallback, holds) }

func (c *Channel) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
