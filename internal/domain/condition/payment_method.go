package condition

// PaymentMethod asks how the order is paid.
type PaymentMethod struct {
	In []string `json:"in"` // payment methods, one is enough
	Fallback
}

var paymentMethodFact = word{dimension{kind: dimPayment}, func(f *Facts) string { return f.Payment }}

// Type is payment_method.
func (c *PaymentMethod) Type() string { return "payment_method" }

// Check compares the fact with In.
func (c *PaymentMethod) Check(f *Facts) Answer { return paymentMethodFact.in(f, c.In) }

// Form has In.
func (c *PaymentMethod) Form() Form { return form(c.Type(), wordList("in", NamedPayment).required()) }

// Explain names In.
func (c *PaymentMethod) Explain() Saying { return say(c.Type(), items(NamedPayment, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *PaymentMethod) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the fact is always at hand.
func (c *PaymentMethod) Needs(*Needs) {}

func (c *PaymentMethod) compile() (check, error) { return paymentMethodFact.compile(c.In) }

func (c *PaymentMethod) cost() int64 { return int64(len(c.In)) }

func (c *PaymentMethod) reach(holds bool) []constraint {
	return paymentMethodFact.reach(c.In, c.Fallback, holds)
}

func (c *PaymentMethod) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
