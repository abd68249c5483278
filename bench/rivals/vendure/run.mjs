// Times two things of @vendure/core on SQLite (a file):
//
//   line change: OrderService.adjustOrderLine in a transaction, as its API does
//   when a customer changes a quantity: all promotions are tested and applied,
//   the order is written and read again;
//
//   evaluator: OrderCalculator.applyPriceAdjustments on an order in memory, with
//   the promotions in memory: neither reads nor writes.
//
//   node vendure/run.mjs --promotions 101 --matching one --calls 200

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import core from "@vendure/core";
import cli from "@vendure/core/cli/index.js";
import { dearMinor, expected, insist, lines, promotions, quantity, settings, tell, time, unitMinor } from "../cart.mjs";

const {
  bootstrap, DefaultLogger, LogLevel, OrderCalculator, OrderService, ProductService, ProductVariantService, PromotionService,
  RequestContextService, TransactionalConnection, User, mergeConfig, defaultConfig,
} = core;

const languageCode = "en";

const config = (folder) =>
  mergeConfig(defaultConfig, {
    logger: new DefaultLogger({ level: LogLevel.Error }),
    apiOptions: { hostname: "127.0.0.1", port: 0 },
    authOptions: { superadminCredentials: { identifier: "bench", password: "bench" }, cookieOptions: { secret: "bench" } },
    dbConnectionOptions: { type: "better-sqlite3", database: join(folder, "vendure.sqlite"), synchronize: true, logging: false },
    importExportOptions: { importAssetsDir: folder },
  });

const initial = {
  defaultLanguage: languageCode,
  defaultZone: "Asia",
  countries: [{ name: "China", code: "CN", zone: "Asia" }],
  taxRates: [{ name: "Standard", percentage: 0 }],
  shippingMethods: [],
  paymentMethods: [],
  collections: [],
};

/** Runs a shop with the administrator's context. */
async function start(folder) {
  const app = await bootstrap(config(folder));
  await cli.populateInitialData(app, initial);
  const user = await app.get(TransactionalConnection).rawConnection.getRepository(User)
    .findOneOrFail({ where: { identifier: "bench" }, relations: { roles: { channels: true } } });
  return { app, context: await app.get(RequestContextService).create({ apiType: "admin", user }) };
}

/** Makes the cart's products and gives their variants. */
async function variants(app, context) {
  const made = [];
  for (let i = 0; i < lines; i++) {
    const product = await app.get(ProductService).create(context, { enabled: true, translations: [{ languageCode, name: `sku-${i}`, slug: `sku-${i}`, description: "" }] });
    const [variant] = await app.get(ProductVariantService).create(context, [
      { productId: product.id, sku: `sku-${i}`, price: unitMinor(i), stockOnHand: 1_000_000, translations: [{ languageCode, name: `sku-${i}` }] },
    ]);
    made.push(variant);
  }
  return made;
}

/** A promotion that takes an amount off an order with its product. */
function promotion(p, variantIDs) {
  const dear = { code: "minimum_order_amount", arguments: [{ name: "amount", value: String(dearMinor) }, { name: "taxInclusive", value: "false" }] };
  const variant = p.matches ? variantIDs[p.line] : 1_000_000 + p.line;
  const contains = { code: "contains_products", arguments: [{ name: "minimum", value: "1" }, { name: "productVariantIds", value: JSON.stringify([variant]) }] };
  return {
    enabled: true,
    translations: [{ languageCode, name: p.name }],
    conditions: [p.dear ? dear : contains],
    actions: [{ code: "order_fixed_discount", arguments: [{ name: "discount", value: String(p.minor) }] }],
  };
}

/** Puts the cart's lines into an order and gives its id. */
async function fill(app, context, made) {
  const orders = app.get(OrderService);
  const order = await orders.create(context);
  for (const variant of made) {
    const filled = await orders.addItemToOrder(context, order.id, variant.id, quantity);
    if (!filled.lines) throw new Error(`vendure: ${JSON.stringify(filled)}`);
  }
  return order.id;
}

const discount = (order) => -order.discounts.reduce((sum, d) => sum + d.amount, 0);

/** What the order lists: a change of quantity changes it, not the discount. */
const listed = (changed) => Array.from({ length: lines }, (_, i) => unitMinor(i) * (i === 0 ? changed : quantity)).reduce((a, b) => a + b, 0);

const asked = settings();
const all = promotions(asked);
const want = expected(all);
const folder = await mkdtemp(join(tmpdir(), "vendure-"));
const { app, context } = await start(folder);
try {
  const made = await variants(app, context);
  for (const p of all) {
    const answer = await app.get(PromotionService).createPromotion(context, promotion(p, made.map((v) => v.id)));
    if (!answer.id) throw new Error(`vendure: ${JSON.stringify(answer)}`);
  }
  const orders = app.get(OrderService);
  const connection = app.get(TransactionalConnection);
  const requests = app.get(RequestContextService);
  const id = await fill(app, context, made);
  const first = (await orders.findOne(context, id)).lines.find((l) => l.productVariant.sku === "sku-0");

  // A context of its own for every call, as for every request: Vendure caches by it.
  const change = async (n) => {
    const request = await requests.create({ apiType: "shop" });
    return connection.withTransaction(request, (tx) => orders.adjustOrderLine(tx, id, first.id, 1 + (n % 2)));
  };
  for (const n of [0, 1]) {
    const changed = await change(n);
    insist("vendure", changed.subTotal, listed(1 + n) - want);
    insist("vendure", discount(changed), want);
  }
  tell("vendure line change", asked, want, await time(asked.calls, change));

  await change(1);
  const order = await orders.findOne(context, id);
  const active = await app.get(PromotionService).getActivePromotionsInChannel(context);
  const evaluate = () => app.get(OrderCalculator).applyPriceAdjustments(context, order, active);
  await evaluate();
  insist("vendure", discount(order), want);
  insist("vendure", order.subTotal, listed(quantity) - want);
  tell("vendure evaluator", asked, want, await time(asked.calls, evaluate));
} finally {
  await app.close();
  await rm(folder, { recursive: true });
}
process.exit();
