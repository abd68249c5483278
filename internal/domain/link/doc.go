// Package link is the short link 短链接 under which a placement's page is spread: on a
// poster, in a group, in a message. A placement has as many as it has ways to be
// spread, each with a funnel of its own.
//
// It owns the code and its form, and the list of other sites whose pages may show what
// it leads to as a card (the widget): none unless somebody names them. It does not own the page (domain/page), nor what is
// offered and when (domain/placement): an archived link leads nowhere, whatever its
// placement does. What was claimed through a link is noted in the claim's transaction,
// so its figures are those of coupons; views and sign-ins are counted in memory and
// added each second, so they are near.
package link
