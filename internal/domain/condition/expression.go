package condition

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"cel.dev/cel-go/cel"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
)

// Bounds of expressions.
const (
	ExpressionMax     = 2_000   // bytes
	ExpressionCostMax = 100_000 // CEL cost units: estimated for 500 cart lines, and a limit while it runs
	expressionsCached = 1_000
)

// Expression is a condition in CEL, for experts: a boolean expression over the
// variables of Environment. One that uses a fact that is not known, or fails while
// it runs (division by zero, no such key), is not known.
type Expression struct {
	CEL   string            `json:"cel"`
	Label map[string]string `json:"label,omitempty"` // what customers read, by language tag
	Fallback
}

// Type is expression.
func (c *Expression) Type() string { return "expression" }

// Check evaluates the expression.
func (c *Expression) Check(f *Facts) Answer {
	run, err := c.compile()
	if err != nil {
		return Unknown
	}
	return run(f)
}

// Form has the expression and its label.
func (c *Expression) Form() Form {
	return form(c.Type(), field("cel", FieldCEL).required().most(ExpressionMax), field("label", FieldTexts))
}

// Explain shows the label, or says that there is a further rule.
func (c *Expression) Explain() Saying {
	if len(c.Label) == 0 {
		return say(c.Type() + ".plain")
	}
	return say(c.Type()+".label", Arg{Name: "label", Value: c.Label})
}

// Predicate does not exist: no store runs CEL.
func (c *Expression) Predicate() (Predicate, bool) { return momentary() }

// Needs adds what the variables of the expression read.
func (c *Expression) Needs(n *Needs) {
	e, err := compiled(c.CEL)
	if err != nil {
		return
	}
	for _, name := range e.variables {
		switch name {
		case "attributes":
			n.AllAttributes = true
		case "tags":
			n.Tags = true
		case "lists":
			n.AllLists = true
		case "orders.count", "orders.first", "orders.last":
			n.Orders = true
		case "cart.lines", "cart.quantity", "cart.list_minor", "cart.before_minor", "cart.after_minor":
			n.Cart = true
		case "city":
			n.City = true
		case "days":
			n.Days = true
		case "outer":
			n.AllOuter = true
		case "held_groups":
			n.Held = true
		}
	}
}

// ReadsPlace reports whether the expression reads amounts that depend on the coupons
// beside its own, so that each place in a stack may answer otherwise.
func (c *Expression) ReadsPlace() bool {
	e, err := compiled(c.CEL)
	return err == nil && (contains(e.variables, "cart.before_minor") || contains(e.variables, "cart.after_minor"))
}

func (c *Expression) compile() (check, error) {
	e, err := compiled(c.CEL)
	if err != nil {
		return nil, err
	}
	return e.check, nil
}

func (c *Expression) cost() int64 {
	e, err := compiled(c.CEL)
	if err != nil {
		return 0
	}
	return e.cost
}

func (c *Expression) reach(bool) []constraint { return nil }

func (c *Expression) validate(v *validation) {
	v.fallback(c.Fallback)
	for lang, text := range c.Label {
		if text == "" || utf8.RuneCountInString(text) > 200 || !rule.Printable(text) || len(lang) > 16 {
			v.add(fault.InvalidValue, "/label/"+escape(lang))
		}
	}
	switch {
	case c.CEL == "":
		v.add(fault.MissingValue, "/cel")
	case len(c.CEL) > ExpressionMax:
		v.add(fault.TooLong, "/cel", "max", ExpressionMax)
	default:
		if _, err := compiled(c.CEL); err != nil {
			v.list.Add(err.fault().At(v.at + "/cel"))
		}
	}
}

// refused is why an expression does not compile, and where (from 1).
type refused struct {
	line, column int
	reason       string
	estimate     uint64
}

// Error says it.
func (r *refused) Error() string {
	return fmt.Sprintf("condition: expression: %d:%d: %s", r.line, r.column, r.reason)
}

func (r *refused) fault() *fault.Fault {
	if r.estimate > 0 {
		return fault.New(fault.OutOfRange, "min", 0, "max", ExpressionCostMax)
	}
	return fault.New(fault.InvalidValue, "line", r.line, "column", r.column, "reason", r.reason)
}

// expression is a compiled one.
type expression struct {
	program   cel.Program
	variables []string
	cost      int64
}

func (e *expression) check(f *Facts) Answer {
	value, _, err := e.program.Eval(activation{f})
	if err != nil {
		return Unknown
	}
	yes, ok := value.Value().(bool)
	if !ok {
		return Unknown
	}
	return answer(yes)
}

// cache keeps compiled expressions by their text, and forgets all of them when
// there are too many: making one anew is always right.
var cache struct {
	sync.Mutex
	byText map[string]*expression
}

func compiled(text string) (*expression, *refused) {
	cache.Lock()
	e := cache.byText[text]
	cache.Unlock()
	if e != nil {
		return e, nil
	}
	e, err := compileText(text)
	if err != nil {
		return nil, err
	}
	cache.Lock()
	defer cache.Unlock()
	if cache.byText == nil || len(cache.byText) >= expressionsCached {
		cache.byText = map[string]*expression{}
	}
	cache.byText[text] = e
	return e, nil
}

var languageOfExpressions = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.ParserRecursionLimit(30), cel.ParserExpressionSizeLimit(ExpressionMax), cel.ExpressionNestingDepthLimit(30),
		cel.RegexProgramSizeLimit(500), cel.CrossTypeNumericComparisons(true),
	}
	for _, v := range environment {
		options = append(options, cel.Variable(v.Name, v.typ))
	}
	return cel.NewEnv(options...)
})

func compileText(text string) (*expression, *refused) {
	env, err := languageOfExpressions()
	if err != nil {
		return nil, &refused{reason: err.Error()}
	}
	tree, issues := env.Compile(text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		return nil, &refused{line: first.Location.Line(), column: first.Location.Column() + 1, reason: first.Message}
	}
	if !tree.OutputType().IsExactType(cel.BoolType) {
		return nil, &refused{line: 1, column: 1, reason: "the result is " + tree.OutputType().String() + ", not bool"}
	}
	estimate, err := env.EstimateCost(tree, sizes{})
	if err != nil || estimate.Max > ExpressionCostMax {
		return nil, &refused{line: 1, column: 1, reason: "too costly", estimate: max(estimate.Max, 1)}
	}
	program, err := env.Program(tree, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(ExpressionCostMax))
	if err != nil {
		return nil, &refused{line: 1, column: 1, reason: err.Error()}
	}
	return &expression{program, variablesOf(tree), int64(estimate.Max)}, nil
}

// variablesOf are the names of the environment that the expression uses.
func variablesOf(tree *cel.Ast) (names []string) {
	for _, ref := range tree.NativeRep().ReferenceMap() {
		if ref.Name != "" && variableByName[ref.Name] != nil {
			names = append(names, ref.Name)
		}
	}
	return unique(names)
}
