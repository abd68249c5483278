package api

import (
	"context"

	"quan/internal/app"
	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type BudgetPath struct {
	ID budgetID `path:"id" doc:"id of the budget"`
}

// BudgetContent is what may change of a budget.
type BudgetContent struct {
	Name   string           `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Spring campaign"`
	From   calendar.Instant `json:"from,omitzero" doc:"coupons that draw on it are issued from then on; absent: at once. It stays once it has begun"`
	To     calendar.Instant `json:"to,omitzero" doc:"until then, this moment excluded; absent: for ever. Uses go on drawing on it"`
	Limits []limit.Limit    `json:"limits" minItems:"1" maxItems:"20" doc:"of all that draw on it together; amounts in the market's currency" nullable:"false"`
}

type createBudgetBody struct {
	Code     string `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever"`
	Market   string `json:"market" minLength:"1" maxLength:"64" doc:"code of the market of the templates that draw on it; can't change" example:"main"`
	Merchant string `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant whose it is; absent: the platform's"`
	BudgetContent
}

type budgetRow struct {
	ID       budgetID   `json:"id" doc:"its identity"`
	Code     string     `json:"code,omitempty" doc:"own reference"`
	Market   string     `json:"market" doc:"code of the market"`
	Merchant string     `json:"merchant,omitempty" doc:"whose it is"`
	Spent    []spentRow `json:"spent" doc:"parallel to the limits" nullable:"false"`
	BudgetContent
	Stamps
}

type spentRow struct {
	Counted bool  `json:"counted" doc:"the limit has one counter by now; one that counts each member, store or the like by itself has none"`
	Taken   int64 `json:"taken" doc:"taken of it in the present period"`
	Left    int64 `json:"left" doc:"what it leaves"`
	Over    int64 `json:"over,omitempty" doc:"taken beyond the cap to keep a promise"`
	Alarm   int64 `json:"alarm,omitempty" doc:"highest alarm that is reached, percent of the cap"`
}

func showBudget(b catalog.SpentBudget) budgetRow {
	row := budgetRow{ID: budgetID(b.ID), Code: b.Code, Market: b.Market, Merchant: b.Merchant, Spent: make([]spentRow, len(b.Limits)),
		BudgetContent: BudgetContent{b.Name, b.From, b.To, b.Limits}, Stamps: Stamps{b.Rev, b.CreatedAt, b.UpdatedAt, b.ArchivedAt}}
	for i, c := range b.Spent {
		l := &b.Limits[i]
		if row.Spent[i].Left = l.Cap; c != nil {
			row.Spent[i] = spentRow{Counted: true, Taken: c.Taken, Left: max(l.Cap-c.Taken, 0), Over: c.Over, Alarm: l.Reached(c.Taken)}
		}
	}
	return row
}

type createBudgetInput struct {
	Keyed
	Body createBudgetBody
}

type createdBudget struct {
	Replayed
	Revised
	Body budgetRow
}

type updateBudgetBody struct {
	BudgetContent
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type updateBudgetInput struct {
	BudgetPath
	Matched
	Body updateBudgetBody
}

type archiveBudgetInput struct {
	BudgetPath
	Matched
}

type listBudgetsInput struct {
	ListInput
	Market string `query:"market" maxLength:"64" doc:"only this market's"`
}

func (s *server) budgetRoutes() {
	const path = "/v1/budgets/{id}"
	content := BudgetContent{Name: "Spring campaign", Limits: []limit.Limit{
		{What: limit.Liability, Period: limit.Campaign, Per: limit.PerCampaign, Cap: 500_000_00, Alarms: []int64{50, 80, 100}},
		{What: limit.IssueCount, Period: limit.Rolling, Hours: 24, Per: limit.PerDevice, Cap: 3}}}
	add(s, operation{id: "create-budget", method: "POST", path: "/v1/budgets", tag: "budgets", may: access.BudgetWrite, status: 201,
		summary: "Create a budget", about: "Templates draw on it once a version that names it in `claim.budgets` is published.",
		example: createBudgetBody{Market: "main", BudgetContent: content},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.UnknownReference, fault.NameTaken, fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *createBudgetInput) (*createdBudget, error) {
			b := in.Body
			made, again, err := s.Catalog.CreateBudget(ctx, c.principal, catalog.CreateBudgetInput{Once: c.once(in.IdempotencyKey, b),
				Budget: budget.Budget{Code: b.Code, Market: b.Market, Merchant: b.Merchant, Name: b.Name, From: b.From, To: b.To, Limits: b.Limits}})
			if err != nil {
				return nil, err
			}
			return &createdBudget{replay(again), Revised{tag(made.Rev)}, showBudget(made)}, nil
		})
	add(s, operation{id: "list-budgets", method: "GET", path: "/v1/budgets", tag: "budgets", may: access.BudgetRead,
		summary: "List budgets", about: "By id: older first, with what is taken of them.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listBudgetsInput) (*list[budgetRow], error) {
			f, err := in.filter("budgets")
			if err != nil {
				return nil, err
			}
			f.Market = in.Market
			rows, err := s.Catalog.ListBudgets(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[budgetRow]{pageOf("budgets", f.Limit, rows,
				func(b catalog.SpentBudget) string { return id.Format(id.Budget, b.ID) }, showBudget)}, nil
		})
	add(s, operation{id: "get-budget", method: "GET", path: path, tag: "budgets", may: access.BudgetRead,
		summary: "Get a budget", about: "With what is taken of it. Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *BudgetPath) (*row[budgetRow], error) {
			return budgetAnswer(s.Catalog.GetBudget(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-budget", method: "PUT", path: path, tag: "budgets", may: access.BudgetWrite,
		summary: "Change a budget",
		about:   "The body is the whole. Claims see it at once, uses within a second. A cap below what is taken stops more and takes nothing back; a limit that is added counts from zero.",
		example: updateBudgetBody{BudgetContent: content, Reason: "more for May"},
		faults:  []fault.Code{fault.Absent, fault.WrongState, fault.Conflicting, fault.UnboundedAmount}},
		func(ctx context.Context, c *call, in *updateBudgetInput) (*row[budgetRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return budgetAnswer(s.Catalog.UpdateBudget(ctx, c.principal, catalog.UpdateBudgetInput{IfRev: rev, Reason: b.Reason,
				Budget: budget.Budget{ID: id.ID(in.ID), Name: b.Name, From: b.From, To: b.To, Limits: b.Limits}}))
		})
	add(s, operation{id: "archive-budget", method: "DELETE", path: path, tag: "budgets", may: access.BudgetWrite,
		summary: "Archive a budget", about: "Nothing that draws on it is issued any more; what was issued goes on by its limits.",
		faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archiveBudgetInput) (*row[budgetRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return budgetAnswer(s.Catalog.ArchiveBudget(ctx, c.principal, id.ID(in.ID), rev))
		})
}

func budgetAnswer(b catalog.SpentBudget, err error) (*row[budgetRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showBudget(b), b.Rev, b.ArchivedAt != 0), nil
}

// Acting says by whom and through what a request is made, in the caller's words.
type Acting struct {
	Device string `json:"device,omitempty" maxLength:"256" doc:"what tells the device from others; needed where a limit counts devices. Kept as a keyed hash only"`
	Payer  string `json:"payer,omitempty" maxLength:"256" doc:"what tells the paying account or card from others; needed where a limit counts payers. Kept as a keyed hash only"`
	Person string `json:"person,omitempty" maxLength:"256" doc:"what tells the natural person from others; needed where a limit counts persons and the member is not tied to one. Kept as a keyed hash only"`
}

func (s *server) actor(a Acting) limit.Actor {
	return app.Actor(s.Vault, app.Acting{Person: member.Secret(a.Person), Device: member.Secret(a.Device), Payer: member.Secret(a.Payer)})
}
