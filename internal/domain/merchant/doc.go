// Package merchant holds merchants and their stores 门店: scopes of permission,
// issuers and funders of coupons, and places of redemption.
//
// It owns their codes and names. It does not own accounts, settlements or people.
//
// Invariants: codes are identities, never change and stay reserved when archived;
// a store belongs to one merchant for ever.
//
// Time has no part in it but for the row's own dates.
package merchant
