// Package money holds amounts as integers of a currency's minor unit and
// percentages as basis points. There is no floating point in it and none may
// come near it: every operation either is exact or names its rounding.
package money
