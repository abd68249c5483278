package api

import (
	"context"
	"strconv"

	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// mostFeed bounds a feed of members, in bytes: rows may have many attributes.
const mostFeed = 8 << 20

type memberFactsBody struct {
	Create  bool              `json:"create,omitempty" doc:"make members that don't exist; absent: such a row is refused"`
	Members []memberFactsPart `json:"members" minItems:"1" maxItems:"1000" doc:"what to change of whom" nullable:"false"`
	Trial
}

type memberFactsPart struct {
	Member     who               `json:"member" doc:"whom"`
	Identities []identityBody    `json:"identities,omitempty" maxItems:"16" doc:"further identities, which the member has or gets: any of them finds it" nullable:"false"`
	Attributes map[string]string `json:"attributes,omitempty" maxProperties:"64" doc:"attributes to set; an empty value takes one away"`
	Tags       []string          `json:"tags,omitempty" maxItems:"64" doc:"tags, whole; absent: as they are" nullable:"false"`
	AddTags    []string          `json:"add_tags,omitempty" maxItems:"64" doc:"tags to add" nullable:"false"`
	RemoveTags []string          `json:"remove_tags,omitempty" maxItems:"64" doc:"tags to take away" nullable:"false"`
}

type memberFactsInput struct {
	Keyed
	Body memberFactsBody
}

type memberFactsAnswer struct {
	Body struct {
		Items []memberFactsFate `json:"items" doc:"what became of each row, in their order" nullable:"false"`
	}
}

type memberFactsFate struct {
	Member  memberID               `json:"member,omitzero" doc:"whom"`
	Status  membership.FactsStatus `json:"status" enum:"created,updated,unchanged,refused" doc:"what became of the row"`
	Problem *Problem               `json:"problem,omitempty" doc:"why it is refused"`
}

type DayBody struct {
	Names []string `json:"names" maxItems:"20" doc:"what the calendar calls the day: statutory, makeup_workday …; none: an ordinary day" nullable:"false"`
}

type dayRow struct {
	Market string        `json:"market" doc:"code of the market"`
	Date   calendar.Date `json:"date" doc:"the date"`
	DayBody
	Stamps
}

type putDayInput struct {
	CodePath
	Date day `path:"date" doc:"the date in the market" example:"2026-10-01"`
	Creating
	Body DayBody
}

type listDaysInput struct {
	CodePath
	Paged
}

type FactBody struct {
	Value     string            `json:"value,omitempty" maxLength:"128" doc:"the value, where no city says otherwise; absent: not known" example:"sun"`
	Cities    map[string]string `json:"cities,omitempty" maxProperties:"1000" doc:"the value in cities, whole"`
	ExpiresAt calendar.Instant  `json:"expires_at" doc:"until when it is known"`
}

type factRow struct {
	Name string `json:"name" doc:"its name, which conditions use"`
	FactBody
	Stamps
}

type FactPath struct {
	Name string `path:"name" minLength:"1" maxLength:"128" doc:"name of the fact" example:"weather"`
}

type putFactInput struct {
	FactPath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here" example:"\"3\""`
	Body    FactBody
}

func showDay(d store.Day) dayRow {
	return dayRow{d.Market, d.Date, DayBody{append([]string{}, d.Names...)}, Stamps{d.Rev, d.CreatedAt, d.UpdatedAt, d.ArchivedAt}}
}

func showFact(f store.Fact) factRow {
	return factRow{f.Name, FactBody{f.Value, f.Cities, f.ExpiresAt}, Stamps{f.Rev, f.CreatedAt, f.UpdatedAt, f.ArchivedAt}}
}

func (s *server) feedRoutes() {
	part := memberFactsPart{Member: who{Kind: "phone", Value: "+8613800000000"}, Attributes: map[string]string{"tier": "gold"}, AddTags: []string{"student"}}
	add(s, operation{id: "set-facts", method: "POST", path: "/v1/members/facts", tag: "members", may: access.MemberWrite,
		summary: "Set attributes and tags of many members", example: memberFactsBody{Members: []memberFactsPart{part}},
		most: mostFeed,
		about: "The feed of an outside system, or a file: up to 1,000 rows, each with its own fate. A row whose identities name two members is refused. " +
			"It sets what shall be, so a repetition changes nothing. " + aboutTrial,
		faults: []fault.Code{fault.MissingKey, fault.Conflicting}}, s.setFacts)
	s.dayRoutes("/v1/markets/{code}/days")
	s.factRoutes("/v1/facts")
}

func (s *server) setFacts(ctx context.Context, c *call, in *memberFactsInput) (*memberFactsAnswer, error) {
	inputs := make([]membership.FactsInput, len(in.Body.Members))
	for i, p := range in.Body.Members {
		_, owner, err := p.Member.resolve(s.Vault, "/members/"+strconv.Itoa(i)+"/member")
		if err != nil {
			return nil, err
		}
		inputs[i] = membership.FactsInput{Member: owner, Kind: p.Member.Kind, Value: member.Secret(p.Member.Value),
			Identities: make([]membership.IdentityInput, len(p.Identities)), Attributes: p.Attributes, Tags: p.Tags, AddTags: p.AddTags, RemoveTags: p.RemoveTags}
		for n, x := range p.Identities {
			inputs[i].Identities[n] = membership.IdentityInput{Kind: x.Kind, Value: member.Secret(x.Value)}
		}
	}
	rows, err := s.Membership.SetFacts(ctx, c.principal, inputs, membership.FactsWay{Create: in.Body.Create, Dry: in.Body.DryRun})
	if err != nil {
		return nil, err
	}
	out := &memberFactsAnswer{}
	out.Body.Items = make([]memberFactsFate, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = memberFactsFate{Member: memberID(r.Member), Status: r.Status}
		if r.Err != nil {
			out.Body.Items[i].Problem = c.problem(fault.Under("/members/"+strconv.Itoa(i), r.Err))
		}
	}
	return out, nil
}

func (s *server) dayRoutes(path string) {
	add(s, put("day", path+"/{date}", access.MarketWrite, DayBody{[]string{"national_day", "statutory"}}),
		func(ctx context.Context, c *call, in *putDayInput) (*row[dayRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			d, created, err := s.Catalog.PutDay(ctx, c.principal, catalog.PutDayInput{Market: in.Code, Date: calendar.Date(in.Date), Names: in.Body.Names, IfRev: rev})
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(showDay(d), d.Rev, created), nil
		})
	add(s, operation{id: "list-days", method: "GET", path: path, tag: "catalogue", may: access.MarketRead,
		summary: "List the days of a market that have names", faults: []fault.Code{fault.InvalidCursor, fault.Absent},
		about: "By date. The calendar is known up to the last of them: a date before it without names is an ordinary day, of one after it nothing is known."},
		func(ctx context.Context, c *call, in *listDaysInput) (*list[dayRow], error) {
			key, ask, err := in.after("days")
			if err != nil {
				return nil, err
			}
			var after calendar.Date
			if key != "" {
				if after, err = calendar.ParseDate(key); err != nil {
					return nil, fault.New(fault.InvalidCursor).At("query:cursor")
				}
			}
			rows, err := s.Catalog.ListDays(ctx, c.principal, in.Code, after, ask)
			if err != nil {
				return nil, err
			}
			return &list[dayRow]{pageOf("days", ask, rows, func(d store.Day) string { return d.Date.String() }, showDay)}, nil
		})
}

func (s *server) factRoutes(path string) {
	example := FactBody{"sun", map[string]string{"shanghai": "rain"}, calendar.Instant(1_780_000_000_000)}
	add(s, operation{id: "put-fact", method: "PUT", path: path + "/{name}", tag: "catalogue", may: access.MarketWrite,
		summary: "Tell a fact from outside", example: example,
		about: "Weather, or whatever an outside system knows, by city and until a moment. If-Match may be left out: then the last word wins."},
		func(ctx context.Context, c *call, in *putFactInput) (*row[factRow], error) {
			rev := int64(0)
			var err error
			if in.IfMatch != "" {
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			f, created, err := s.Catalog.PutFact(ctx, c.principal, catalog.PutFactInput{Name: in.Name, Value: in.Body.Value,
				Cities: in.Body.Cities, ExpiresAt: in.Body.ExpiresAt, IfRev: rev})
			if err != nil {
				return nil, err
			}
			return rowOf(showFact(f), f.Rev, created), nil
		})
	add(s, operation{id: "get-fact", method: "GET", path: path + "/{name}", tag: "catalogue", may: access.MarketRead,
		summary: "Get a fact from outside", about: "Expired ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *FactPath) (*row[factRow], error) {
			f, err := s.Catalog.GetFact(ctx, c.principal, in.Name)
			if err != nil {
				return nil, err
			}
			return rowOf(showFact(f), f.Rev, false), nil
		})
	add(s, operation{id: "list-facts", method: "GET", path: path, tag: "catalogue", may: access.MarketRead,
		summary: "List facts from outside", about: "By name.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *ListInput) (*list[factRow], error) {
			f, err := in.filter("facts")
			if err != nil {
				return nil, err
			}
			rows, err := s.Catalog.ListFacts(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[factRow]{pageOf("facts", f.Limit, rows, func(f store.Fact) string { return f.Name }, showFact)}, nil
		})
}
