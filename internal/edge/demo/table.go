package demo

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Print writes goals against results as aligned tables.
func (r *Result) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "The grocery shop's plan: %d members, %d days (%s to %s), seed %d.\n\n", r.Members, r.Days, r.First, r.Last, r.Seed)
	t := tabwriter.NewWriter(&b, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "goal\tdue\tbefore\ttarget\tresult\tcontrol\tplan - control (95 %)\tverdict\tfrom\t")
	for _, g := range r.Goals {
		difference := "-"
		if g.Difference != nil {
			difference = fmt.Sprintf("%+.1f ± %.1f", *g.Difference, *g.Within)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", g.Name, due(g.DueDays), g.show(g.Before), g.show(g.Target),
			g.show(g.Result), g.show(g.Control), difference, g.Verdict, g.From)
	}
	_ = t.Flush() // a strings.Builder takes everything
	fmt.Fprintf(&b, "\nThe goals of 6 months are not yet due after %d days. Results are of the whole run; the control is one member in ten, who gets nothing.\n", r.Days)
	r.printGroups(&b)
	printOffers(&b, "Offers (from the store)", r.Offers)
	printOffers(&b, "Member day, beside the plan (from the store)", r.Fair)
	fmt.Fprintf(&b, "\nFirst order with the pack against the single general coupon: %+.1f yuan (history: 15).\n", r.PackLead/100)
	fmt.Fprintf(&b, "Messages to dormant members: %d in the app, %d on the official account, %d by SMS.\n", r.Messages[0], r.Messages[1], r.Messages[2])
	fmt.Fprintf(&b, "The coupon without threshold was stopped by its budget: %d were refused.\n", r.Store.Refused)
	fmt.Fprintf(&b, "Store: %d orders, %s yuan, %s off, %s refunded, %d gifts fetched. The model expected %d orders, %s, %s off; %d acts went otherwise.\n",
		r.Store.Orders, yuan(r.Store.ListMinor), yuan(r.Store.DiscountMinor), yuan(r.Store.RefundedMinor), r.Store.Gifts,
		r.Model.Orders, yuan(r.Model.ListMinor), yuan(r.Model.DiscountMinor), r.Differs)
	for _, odd := range r.Odd {
		fmt.Fprintf(&b, "  %s\n", odd)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Result) printGroups(b *strings.Builder) {
	b.WriteString("\nAverage order by group, yuan:\n")
	t := tabwriter.NewWriter(b, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "group\torders\tplan\tcontrol orders\tcontrol\tdifference (95 %)\t")
	for _, g := range r.Groups {
		fmt.Fprintf(t, "%s\t%d\t%.1f\t%d\t%.1f\t%+.1f ± %.1f\t\n", g.Group, g.Orders, g.ValueMinor/100, g.ControlSize, g.ControlOf/100,
			(g.ValueMinor-g.ControlOf)/100, g.Within/100)
	}
	_ = t.Flush()
}

func printOffers(b *strings.Builder, title string, offers []OfferResult) {
	b.WriteString("\n" + title + ":\n")
	t := tabwriter.NewWriter(b, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "template\tissued\tused\texpired\tredemption\tdiscount, yuan\t")
	for _, o := range offers {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d.%d %%\t%s\t\n", o.Code, o.Issued, o.Used, o.Expired, o.RedemptionBps/100, o.RedemptionBps%100/10,
			yuan(o.DiscountMinor))
	}
	_ = t.Flush()
}

func (g *Goal) show(x *float64) string {
	if x == nil {
		return "-"
	}
	return strings.TrimSpace(fmt.Sprintf("%.1f %s", *x, g.Unit))
}

func due(days int) string {
	switch days {
	case 0:
		return "-"
	case 30:
		return "1 month"
	}
	return fmt.Sprintf("%d months", days/30)
}

func yuan(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }
