package mutation

// bug is a mistake that somebody could make.
type bug struct {
	name  string
	file  string // from the root of the module
	good  string // stands in the file exactly once
	bad   string
	tests string // package
	run   string // which of its tests, "" for all
}

var bugs = []bug{
	// issuing
	{"a claim does not see that the template was paused", "internal/app/issuing/issue.go",
		"if b.changed(locked) || b.dayTurned(before, now) ||", "if b.dayTurned(before, now) ||", "./internal/app/issuing", ""},
	{"a piece of a bulk grant builds on figures that came otherwise", "internal/app/piece.go",
		"row.Rev != run.Rev || row.Cursor != run.Cursor", "row.Rev != run.Rev", "./internal/app/issuing", "TestStride"},
	{"a piece of a bulk grant takes the stock as it was told", "internal/app/issuing/stride.go",
		"*found.Counters[k] != told", "found.Counters[k].Rev != told.Rev", "./internal/app/issuing", "TestStride"},
	{"a bulk grant does not see claims of its template elsewhere", "internal/app/issuing/stride.go",
		"met = met || j.given[t] != n", "met = met || j.given[t] > n", "./internal/app/issuing", "TestGrantGivesWay"},
	{"a refused pack keeps what its first coupon took", "internal/app/issuing/refusal.go",
		"limit.Give(locked.Counters[t.Key], t.Amount)", "limit.Give(locked.Counters[t.Key], 0)", "./internal/app/issuing", ""},
	{"a claim does not see that the pack was paused", "internal/app/issuing/pack.go",
		"c != nil && c.Rev != o.Generation", "c != nil && c.Rev < o.Generation", "./internal/app/issuing", "TestPack"},
	{"packs are given out uncounted", "internal/domain/pack/decide.go",
		"limit.Take(counters[t.Key], t.Limit.Cap, t.Amount)", "limit.Take(counters[t.Key], t.Limit.Cap, 0)", "./internal/app/issuing", "TestPack"},
	{"late shares of a packet vary more", "internal/domain/packet/draw.go",
		"amounts[i], amounts[j] = amounts[j], amounts[i]", "_ = j", "./internal/domain/packet", ""},
	{"a share is opened by two", "internal/app/issuing/packet_open.go",
		"limit.Take(counter, p.Shares, 1)", "limit.Take(counter, p.Shares, 0)", "./internal/app/issuing", "TestPacket"},
	{"what is left of a packet does not come back", "internal/domain/packet/decide.go",
		"now, p.Rest(opened)", "now, 0*p.Rest(opened)", "./internal/app/issuing", "TestPacketEnds"},
	{"a share takes off what its template says", "internal/domain/coupon/face.go",
		"own.AmountMinor = c.FaceMinor", "_ = c.FaceMinor", "./internal/app/issuing", "TestShare"},
	{"a pack's placement counts its coupons too", "internal/domain/issue/decide.go",
		"p.Cap > 0 && r.Pack == 0", "p.Cap > 0", "./test/sim", "TestSimulation/sqlite"},
	{"coupons of a newcomer pack are none", "internal/app/issuing/request.go",
		"b.packs[a.pack].Row.Newcomer\n", "false && b.packs[a.pack].Row.Newcomer\n", "./test/sim", "TestSimulation/sqlite"},
	{"a packet lives a moment longer", "internal/domain/packet/packet.go",
		"now >= p.ExpiresAt", "now > p.ExpiresAt", "./test/sim", "TestSimulation/sqlite"},
	{"a packet gives back what was opened too", "internal/app/issuing/packet_close.go",
		"p.ReturnedMinor)\n\t\tclosed", "p.TotalMinor)\n\t\tclosed", "./test/sim", "TestSimulation/sqlite"},
	{"each extension of a desk begins anew", "internal/domain/desk/decide.go",
		"latest := first.Add(d.extension())", "latest := c.ValidTo.Add(d.extension())", "./test/sim", "TestSimulation/sqlite"},
	{"what a desk gives again reserves nothing", "internal/domain/issue/reserve.go",
		"t.Limit.Cap, t.Amount)", "t.Limit.Cap, 0)", "./test/sim", "TestSimulation/sqlite"},
	{"a link knows of one coupon of a pack", "internal/app/issuing/standing.go",
		"range receipt.Coupons {\n\t\tb.out.links", "range receipt.Coupons[:1] {\n\t\tb.out.links", "./test/sim", "TestSimulation/sqlite"},
	{"a coupon ends without its budget, which came from elsewhere", "internal/app/checkout/expire.go",
		"seen, err = generations(tx, templates.list)", "_, err = generations(tx, templates.list)", "./internal/app/checkout", "FromElsewhere"},
	{"places that nobody took are given in a heap", "internal/domain/waiting/room.go",
		"at >= now {", "at > 0 {", "./internal/domain/waiting", ""},
	{"a place is anybody's", "internal/domain/waiting/token.go",
		"string(body[10:18]) != string(holder(who))", "string(body[10:18]) == \"\"", "./internal/domain/waiting", ""},
	{"coupons of one pack bar each other", "internal/domain/issue/check.go",
		"c.r.Now < held.ValidTo && !samePack", "c.r.Now < held.ValidTo && (samePack || !samePack)", "./internal/app/issuing", "TestNewcomerPack"},
	{"a newcomer may hold two", "internal/domain/issue/check.go",
		"return held.Newcomer && live &&", "return held.Newcomer && !live &&", "./internal/domain/issue", ""},

	{"a session that goes over midnight ends there", "internal/domain/schedule/sessions.go",
		"{today, today.AddDays(-1)}", "{today}", "./internal/domain/schedule", ""},
	{"a session has its last instant", "internal/domain/schedule/sessions.go",
		"moment < span.To", "moment <= span.To", "./internal/domain/issue", ""},
	{"a delay in hours is not waited for", "internal/domain/schedule/validity.go",
		"time.Duration(v.DelayHours)", "time.Duration(v.DelayHours/24)", "./internal/domain/schedule", ""},

	{"a batch gives out one more than it has", "internal/domain/issue/draw.go",
		"limit.Room(*row, t.Limit.Cap, t.Amount)", "limit.Room(*row, t.Limit.Cap+1, t.Amount)", "./internal/domain/issue", ""},
	{"a batch that was stopped goes on", "internal/domain/stock/batch.go",
		"return b.Open && b.ArchivedAt == 0", "return b.ArchivedAt == 0", "./internal/domain/issue", ""},
	{"an extension changes what it has changed before", "internal/domain/coupon/state.go",
		"if to <= c.ValidTo {", "if to < c.ValidTo {", "./internal/app/issuing", "TestExtendCoupons/sqlite"},

	// limits
	{"one more than the cap", "internal/domain/limit/counter.go",
		"t.Limit.Cap-taken >= t.Amount", "t.Limit.Cap-taken+1 >= t.Amount", "./test/contention", "TestStampede/sqlite"},
	{"the week begins on Sunday everywhere", "internal/domain/limit/subject.go",
		"calendar.WeekOf(s.Day, s.WeekStart)", "calendar.WeekOf(s.Day, 0)", "./internal/domain/limit", ""},
	{"members share their limit", "internal/domain/limit/subject.go",
		"return append(list, s.Member), true", "return append(list, s.Template), true", "./internal/domain/limit", ""},

	{"the last hours begin an hour late", "internal/domain/limit/counter.go",
		"calendar.Date(t.Limit.Hours)", "calendar.Date(t.Limit.Hours-1)", "./internal/domain/limit", ""},
	{"a limit on uses stops no claim", "internal/domain/limit/counter.go",
		"return taken < t.Limit.Cap", "return true", "./internal/domain/issue", ""},
	{"a use settles nothing", "internal/domain/budget/settle.go",
		"Reserved(after) - Reserved(before) + spentMinor", "Reserved(after) - Reserved(before)", "./internal/domain/redemption", ""},
	{"a return leaves its entries", "internal/domain/redemption/tally.go",
		"e.Amount = 0\n", "", "./internal/domain/redemption", ""},
	{"a member who names no device is asked for none", "internal/domain/issue/check.go",
		"c.r.Form == coupon.FormClaim || c.r.Form == coupon.FormCode {\n\t\tc.found", "false {\n\t\tc.found", "./internal/domain/issue", ""},

	// locks
	{"a foreign lock releases", "internal/domain/coupon/state.go",
		"if c.State != Locked || c.Lock != lock {", "if c.State != Locked {", "./internal/domain/coupon", ""},
	{"a locked coupon is locked again", "internal/domain/coupon/state.go",
		"(c.State != Locked || from == 0 || c.Lock != from)", "c.State != Locked", "./internal/domain/coupon", ""},
	{"a lock outlives its coupon", "internal/domain/redemption/lock.go",
		"min(l.ExpiresAt, h.Coupon.ValidTo)", "max(l.ExpiresAt, h.Coupon.ValidTo)", "./internal/domain/redemption", ""},

	// redemption
	{"a use takes the number of the one before", "internal/domain/coupon/state.go",
		"c.NextUse++", "c.NextUse += 0", "./internal/domain/coupon", ""},
	{"a used coupon is used again", "internal/domain/coupon/state.go",
		"c.EndedDay = day\n\tc.become(Used)\n", "c.EndedDay = day\n\tc.become(Usable)\n", "./test/contention", "TestCouponLinear/sqlite"},
	{"another cart is paid than was locked", "internal/domain/redemption/redeem.go",
		"if in.CartHash != in.Lock.CartHash || !in.sameCoupons() {", "if !in.sameCoupons() {", "./internal/domain/redemption", ""},
	{"what the pricing saw is not looked at again", "internal/app/checkout/batch.go",
		"if !fresh[i] || b.turned(d, before, read) || b.crossed(d) {", "if fresh == nil && i < 0 || b.turned(d, before, read) || b.crossed(d) {", "./internal/app/checkout", ""},
	{"a deal does not see its neighbour in the batch", "internal/app/checkout/batch.go",
		"if !fresh[i] || b.turned(d, before, read) || b.crossed(d) {", "if !fresh[i] || b.turned(d, before, read) {", "./internal/app/checkout", ""},

	// refund
	{"one unit more than was bought goes back", "internal/domain/redemption/refund.go",
		"if want.Quantity > left {", "if want.Quantity > left+1 {", "./internal/domain/redemption", ""},
	{"a discount share forgets the refunds before", "internal/domain/redemption/refund.go",
		"share(c.Minor, k.back[at],", "share(c.Minor, k.now[at],", "./internal/domain/redemption", ""},
	{"a coupon is given back twice", "internal/domain/redemption/giveback.go",
		"if r.CouponBack {", "if r.CouponBack && r.ReturnedAt == 0 {", "./internal/domain/redemption", ""},

	// pricing
	{"a rest is lost when a sum is split", "internal/kernel/money/money.go",
		"range fractions[:left] {", "range fractions[:left/2] {", "./internal/kernel/money", ""},
	{"a tie goes to the later line", "internal/kernel/money/money.go",
		"f.rest == g.rest && f.at < g.at", "f.rest == g.rest && f.at > g.at", "./internal/kernel/money", ""},
	{"a coupon is remembered with other lines than it finds", "internal/domain/pricing/recall.go",
		"r.hash == hash && slices.Equal(r.held, held)", "len(r.held) == len(held)", "./internal/domain/pricing", "TestModelQuote"},
	{"half to even rounds to odd", "internal/domain/pricing/share.go",
		"rest == half && whole%2 == 1", "rest == half && whole%2 == 0", "./internal/domain/pricing", "TestModel"},

	// idempotency
	{"another body under a key is taken for the same", "internal/app/once.go",
		"if old.Body != r.Body {", "if old.Body != r.Body && old.Body == \"\" {", "./internal/edge/api", "TestReplay/create-placement/sqlite"},
	{"another body under a key that a coupon remembers is taken for the same", "internal/store/sqlrepo/requests.go",
		"v.Request().Body != body {", "v.Request().Body != body && body == 0 {", "./internal/edge/api", "TestReplay/claim-coupon/sqlite"},
	{"a known key acts again", "internal/app/once.go",
		"return old.Answer, true, nil", "return old.Answer, false, nil", "./internal/edge/api", "TestReplay/claim-coupon/sqlite"},
	{"a redemption replayed shows its refund", "internal/app/checkout/redeem.go",
		"v.out = v.out.first()\n", "\n", "./test/crash", "TestKill/sqlite"},

	// sqlite
	{"answers leave, and the commit does not happen", "internal/store/sqlite/batch.go",
		"return w.session.commit()", "return 0, w.session.run(\"ROLLBACK\")", "./internal/store/sqlite", "TestPowerLoss"},
	{"answers leave before the log is synced", "internal/store/sqlite/landing.go",
		"err = l.settle(all)", "go l.settle(all)", "./internal/store/sqlite", "TestWriterGoesOn"},
	{"a view tells of what is not durable", "internal/store/sqlite/landing.go",
		"for n := l.announced.Load(); l.safe.Load() < n; {", "for n := l.safe.Load(); l.safe.Load() < n; {", "./internal/store/sqlite", "TestWriterGoesOn"},
	{"the head of a log that starts over is synced late", "internal/store/sqlite/log_unix.go",
		"l.started = l.started || offset == 0", "l.started = false", "./internal/store/sqlite", "TestHeadOfTheLog"},
	{"a sync that failed is forgotten", "internal/store/sqlite/landing.go",
		"		l.failed = err\n", "", "./internal/store/sqlite", "TestSyncFails"},
	{"a lane forgets what a batch left undone behind it", "internal/app/gather/gather.go",
		"l.undone = append(l.undone, undone...)", "l.undone = undone", "./internal/app/gather", "TestUndone"},
	{"answers leave before the commit", "internal/store/sqlite/batch.go",
		"func (w *writer) commit() {\n", "func (w *writer) commit() {\n\tfor _, j := range w.batch[:w.next] {\n\t\tj.answer(j.result)\n\t}\n", "./internal/store/sqlite", "TestPowerLoss|TestCommitFails"},
	{"a refused closure leaves its rows", "internal/store/sqlite/batch.go",
		"\tcase failed:\n", "\tcase failed && w.limit < 0:\n", "./internal/store/sqlite", ""},
	{"a full disk is forgotten", "internal/store/sqlite/batch.go",
		"w.full.Store(true)", "w.full.Store(false)", "./internal/store/sqlite", "FullDisk"},
	{"a broken disk does not latch", "internal/store/sqlite/batch.go",
		"\tdefault:\n\t\tw.latch()\n", "\tdefault:\n", "./internal/store/sqlite", "TestCommitFails"},

	// postgres
	{"a commit without an answer is taken for refused", "internal/store/postgres/update.go",
		"if !errors.As(err, &refused) {\n\t\treturn unsure", "if !errors.As(err, &refused) {\n\t\treturn failed", "./test/crash", "TestCommitCut"},
	{"an administrative write of unknown outcome runs again", "internal/store/postgres/update.go",
		"if class == store.Admin {", "if class == store.Admin && try > 0 {", "./internal/store/postgres", "Ambiguous"},
	{"a conflict is not tried again", "internal/store/postgres/failure.go",
		"return k == conflict || k == lost", "return k == lost", "./internal/store/postgres", ""},
}
