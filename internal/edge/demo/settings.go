package demo

import (
	"cmp"

	"quan/internal/kernel/calendar"
)

// Settings say how large the run is and how people behave. Values that the plan
// gives are marked "plan"; all others are ours, chosen so that the plan's history
// comes out. Shares and chances are of one; amounts are fen.
type Settings struct {
	Seed    uint64
	Members int           // the base at the start and the newcomers
	Days    int           // simulated days
	Last    calendar.Date // the last simulated day
	Piece   int           // rows of one use case, ≤ 256

	AppShare    float64 // plan: users in the app
	WeChatShare float64 // plan: on the official account; the others get SMS

	NewcomerShare float64 // of Members: those who sign up during 90 days
	ControlShare  float64 // get nothing, in every group
	SingleShare   float64 // newcomers who get the history's one general coupon 20-8 instead of the pack

	HighValueMinor int64 // plan: over 200 yuan in 30 days
	DormantDays    int   // plan: days without activity
	NewDays        int   // how long a newcomer is one
	LoginDays      int   // plan: the pack is for those who log in within these days
	FollowDays     int   // how long a dormant member is followed to see whether it wakes
	ConvertDays    int   // within which a first order counts as conversion

	DormantAtStart float64 // plan: 22 %
	OrderEvery     float64 // days between orders; the plan's cycle of 12 comes out for the control
	VisitsPerOrder float64 // visits for one order
	VisitLeast     float64 // visits a day of a member who comes at all: seldom buyers look in too
	Spread         float64 // of the rates of members (deviation of the logarithm)
	Weekend        float64 // plan: orders at weekends, against other days
	LapsePerDay    float64 // chance that an active member stops coming

	WakeAlone    float64 // plan: 8 % of the dormant wake in FollowDays without a coupon
	WakeByCoupon float64 // of those reached by 老客专属券, beyond that
	OpenOnly     float64 // of those reached: open the app, take the coupons, buy nothing
	DormantVeg   float64 // plan: 70 % of the dormant last bought vegetables

	LoginSoon     float64 // newcomers who log in within LoginDays
	ConvertAlone  float64 // plan: 41 % order first without a coupon
	ConvertSingle float64 // plan: 43 % with the general coupon 20-8
	ConvertPack   float64 // with the pack, so that the goal of 45 % can be reached
	VegOnly       float64 // plan: 70 % of newcomers without the pack buy only vegetables
	PackVegOnly   float64 // with the pack, so that its first order is 15 yuan higher (plan)

	VegLover       float64 // members whose baskets are mostly vegetables
	LinesBase      float64 // lines of a basket, before household and taste
	ReadyWeekend   float64 // plan: attach rate 18 % at weekends without a coupon
	ReadyWeekday   float64
	Notice         float64 // members who take a coupon that they see
	TopUpMinor     int64   // what a member of average price sensitivity adds to reach a threshold
	CouponPull     float64 // how much more often a member with a live coupon orders
	ComplicatedTry float64 // members who try a coupon whose rules they don't understand

	ReachApp, ReachWeChat, ReachSMS float64 // chance that a message is seen
	ContactDays                     int     // a dormant member is contacted once in these days
	SMSCap                          int     // plan: frequency is capped; messages by SMS in 30 days

	GiftPickup    float64 // VIP gifts that are fetched
	LockShare     float64 // orders with a coupon that go quote → lock → redeem; the others redeem directly
	AbandonShare  float64 // of locks: the cart is left, the coupon comes free
	RefundPartial float64 // of orders
	RefundFull    float64

	BlastDay         int   // counter-example: a coupon without threshold to the whole base
	BlastBudgetMinor int64 // its budget for each 1,000 members
	ComplicatedDay   int   // counter-example: complicated rules
	ComplicatedShare float64
}

// Defaults is the plan's shop: 20,000 members for 90 days.
func Defaults() Settings {
	return Settings{
		Seed: 1, Members: 20_000, Days: 90, Piece: 256,
		AppShare: 0.70, WeChatShare: 0.20,
		NewcomerShare: 0.15, ControlShare: 0.10, SingleShare: 0.10,
		HighValueMinor: 200_00, DormantDays: 30, NewDays: 14, LoginDays: 3, FollowDays: 30, ConvertDays: 7,
		DormantAtStart: 0.22, OrderEvery: 12.5, VisitsPerOrder: 1.9, VisitLeast: 0.22, Spread: 0.45, Weekend: 1.25, LapsePerDay: 0.0022,
		WakeAlone: 0.08, WakeByCoupon: 0.09, OpenOnly: 0.13, DormantVeg: 0.70,
		LoginSoon: 0.85, ConvertAlone: 0.41, ConvertSingle: 0.43, ConvertPack: 0.46, VegOnly: 0.70, PackVegOnly: 0.58,
		VegLover: 0.45, LinesBase: 2.62, ReadyWeekend: 0.18, ReadyWeekday: 0.12, Notice: 0.72,
		TopUpMinor: 27_00, CouponPull: 1.35, ComplicatedTry: 0.15,
		ReachApp: 0.85, ReachWeChat: 0.75, ReachSMS: 0.60, ContactDays: 30, SMSCap: 2,
		GiftPickup: 0.65, LockShare: 0.10, AbandonShare: 0.08, RefundPartial: 0.02, RefundFull: 0.01,
		BlastDay: 10, BlastBudgetMinor: 100_00, ComplicatedDay: 20, ComplicatedShare: 0.05,
	}
}

// First is the first simulated day.
func (s *Settings) First() calendar.Date { return s.Last.AddDays(1 - s.Days) }

// follow is how long a cohort can be followed in this run.
func (s *Settings) follow(days int) int { return max(1, min(days, s.Days/2)) }

// piece is the size of a slice.
func (s *Settings) piece() int { return min(cmp.Or(max(s.Piece, 0), 256), 256) }
