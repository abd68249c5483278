// Package packet is the noun of share packets 分享红包 (拼手气, 裂变): one member sends a
// packet, others open it first come first served, and each share becomes a coupon.
//
// It owns plans (what operators make), packets (what members send), how a sum is drawn
// into shares, and who may open one. It does not own whether a share's coupon may be
// issued (package issue), nor orders.
//
// A lucky packet holds a sum that is drawn into shares of different size, a fixed one
// shares of one size; both become coupons whose amount is the share (coupon.FaceMinor).
// A packet of coupons gives each one coupon of the template as it is.
//
// The draw is fair: shares are drawn by the double-mean method (二倍均值法, as it is told of
// WeChat's red packets) over what is left above the least share, and then shuffled, so
// that the shares in all places are distributed alike and the expectation of each is
// exactly the sum by the number of shares. Their sum is exact. The shares are drawn when
// the packet is sent, from a seed that is kept with them: the same seed draws the same.
//
// Invariants: a member has one share of a packet at most; the shares that were opened and
// what came back are the packet's sum (packet-1); opening again answers the same share.
// A plan's budget holds the sums of its packets; the rest of a packet comes back to it
// when the packet ends.
//
// Time: a packet lives in [CreatedAt, ExpiresAt).
package packet
