// The carts and promotions that all contestants price, and how they are timed.
//
// A cart has ten lines, SKUs sku-0 to sku-9, two units each; a unit of sku-i
// costs 10.00 + i × 1.00. Promotion k takes 0.10 + (k mod 10) × 0.01 off as soon
// as the cart holds its product. One that matches names sku-(k mod 10). One that
// does not names a product that no cart holds (others "elsewhere"), or asks for an
// order of 10,000.00 (others "dear"), which is the cheapest thing to check.
// Matching "one" means that the middle one of the promotions matches.
//
// bench/price_test.go has the same in Go; the two tell the same discounts.

export const lines = 10;
export const quantity = 2;
export const currency = "cny";

export const unitMinor = (line) => 1000 + 100 * line;
export const dearMinor = 1_000_000;
export const amountMinor = (k) => 10 + (k % 10);

/** Reads --promotions 101 --matching one|all --others elsewhere|dear --calls 500. */
export function settings(argv = process.argv.slice(2)) {
  const given = {};
  for (let i = 0; i < argv.length; i += 2) {
    given[argv[i].replace(/^--/, "")] = argv[i + 1];
  }
  const promotions = Number(given.promotions ?? 101);
  const calls = Number(given.calls ?? 200);
  const matching = given.matching ?? "one";
  const others = given.others ?? "elsewhere";
  if (!(promotions > 0) || !(calls > 0) || !["one", "all"].includes(matching) || !["elsewhere", "dear"].includes(others)) {
    throw new Error("usage: run.mjs --promotions N --matching one|all --others elsewhere|dear --calls N");
  }
  return { promotions, matching, others, calls };
}

/** Lists the promotions: whether each matches, on which line, what it takes off. */
export function promotions({ promotions: n, matching, others }) {
  const middle = Math.floor(n / 2);
  return Array.from({ length: n }, (_, k) => ({
    name: `promotion-${k}`,
    matches: matching === "all" || k === middle,
    dear: others === "dear" && matching !== "all" && k !== middle,
    line: k % lines,
    minor: amountMinor(k),
  }));
}

/** What the matching promotions take off together, in minor units. */
export function expected(all) {
  return all.filter((p) => p.matches).reduce((sum, p) => sum + p.minor, 0);
}

/** Compares a discount with what must come off: what does not happen is not timed. */
export function insist(rival, got, want) {
  if (got !== want) {
    throw new Error(`${rival}: a discount of ${got} instead of ${want}`);
  }
}

/** Calls one(n) again and again, one after the other, and returns the figures in µs. */
export async function time(calls, one) {
  const warm = Math.min(calls, 100);
  for (let n = 0; n < warm; n++) await one(n);
  const took = new Float64Array(calls);
  for (let n = 0; n < calls; n++) {
    const start = process.hrtime.bigint();
    await one(n);
    took[n] = Number(process.hrtime.bigint() - start) / 1000;
  }
  const mean = took.reduce((a, b) => a + b, 0) / calls;
  took.sort();
  const at = (percent) => Math.round(took[Math.min(calls - 1, Math.floor((calls * percent) / 100))]);
  return { p50_us: at(50), p95_us: at(95), p99_us: at(99), mean_us: Math.round(mean) };
}

/** Prints one line of JSON. */
export function tell(rival, asked, discount, figures) {
  console.log(JSON.stringify({ rival, ...asked, discount_minor: discount, ...figures }));
}
