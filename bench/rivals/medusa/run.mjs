// Times computeActions of @medusajs/promotion on PostgreSQL: what Medusa asks its
// promotion module for a cart. Once the module finds the promotions by itself
// (they are automatic: it asks the database for those whose rules can hold), once
// they are named by their codes, as coupons are. It reads them on every call.
//
//   QUAN_TEST_PG_DSN=postgres://… node medusa/run.mjs --promotions 101 --matching one --calls 200

import pg from "pg";
import sdk from "@medusajs/framework/modules-sdk";
import utils from "@medusajs/framework/utils";
import { currency, dearMinor, expected, insist, lines, promotions, quantity, settings, tell, time, unitMinor } from "../cart.mjs";

const { ContainerRegistrationKeys, isSharedConnectionSymbol, Modules, ModulesSdkUtils } = utils;

const quiet = { info() {}, debug() {}, log() {}, warn() {}, activity() {}, progress() {}, success() {}, error: console.error };

/** Makes a database of its own on the server that the DSN names. */
async function database(dsn) {
  const name = `medusa_${process.pid}`;
  const admin = new pg.Client({ connectionString: dsn });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const parts = new pg.Client({ connectionString: dsn });
  const host = `${encodeURIComponent(parts.host)}${parts.host.startsWith("/") ? "" : `:${parts.port}`}`; // a socket stands as a host
  const secret = parts.password ? `:${encodeURIComponent(parts.password)}` : "";
  const url = `postgres://${encodeURIComponent(parts.user)}${secret}@${host}/${name}`;
  const drop = async () => {
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
  };
  return { url, drop };
}

/** Starts the promotion module with its tables. */
async function start(url) {
  const config = { clientUrl: url, schema: "public", driverOptions: { ssl: false } };
  const connection = ModulesSdkUtils.createPgConnection(config);
  const app = await sdk.MedusaApp({
    cwd: import.meta.dirname,
    modulesConfig: {
      [Modules.PROMOTION]: {
        definition: sdk.ModulesDefinition[Modules.PROMOTION],
        resolve: "@medusajs/promotion",
        options: { database: config, [isSharedConnectionSymbol]: true },
      },
    },
    sharedResourcesConfig: { database: config },
    injectedDependencies: {
      [ContainerRegistrationKeys.PG_CONNECTION]: connection,
      [ContainerRegistrationKeys.LOGGER]: quiet,
      [Modules.EVENT_BUS]: { emit: async () => {}, subscribe() {}, unsubscribe() {} },
    },
  });
  await app.runMigrations();
  await app.onApplicationStart();
  const stop = async () => {
    await connection.context?.destroy();
    await connection.destroy();
  };
  return { module: app.modules[Modules.PROMOTION], stop };
}

/** A promotion that takes an amount off the lines of its product. */
function promotion(p) {
  return {
    code: p.name,
    type: "standard",
    status: "active",
    is_automatic: true,
    rules: p.dear ? [{ attribute: "item_total", operator: "gte", values: [String(dearMinor / 100)] }] : [],
    application_method: {
      type: "fixed",
      target_type: "items",
      allocation: "across",
      value: p.minor / 100,
      currency_code: currency,
      target_rules: p.dear ? [] : [{ attribute: "items.product.id", operator: "eq", values: [p.matches ? `sku-${p.line}` : `${p.name}-elsewhere`] }],
    },
  };
}

const cart = {
  currency_code: currency,
  item_total: Array.from({ length: lines }, (_, i) => unitMinor(i) * quantity).reduce((a, b) => a + b, 0) / 100,
  items: Array.from({ length: lines }, (_, i) => ({
    id: `line-${i}`,
    quantity,
    subtotal: (unitMinor(i) * quantity) / 100,
    original_total: (unitMinor(i) * quantity) / 100,
    product: { id: `sku-${i}` },
  })),
};

/** Sums what the actions take off, in minor units. */
function discount(actions) {
  const sum = actions.filter((a) => a.action === "addItemAdjustment").reduce((s, a) => s + Number(a.amount), 0);
  return Math.round(sum * 100);
}

const said = { log: console.log, warn: console.warn };
console.log = console.warn = () => {}; // migrations tell each step, and links to modules that are not there are missed
const dsn = process.env.QUAN_TEST_PG_DSN;
if (!dsn) throw new Error("QUAN_TEST_PG_DSN names no PostgreSQL");
const asked = settings();
const all = promotions(asked);
const db = await database(dsn);
const { module, stop } = await start(db.url);
try {
  for (let from = 0; from < all.length; from += 100) {
    await module.createPromotions(all.slice(from, from + 100).map(promotion));
  }
  const admin = new pg.Client({ connectionString: db.url });
  await admin.connect();
  await admin.query("ANALYZE");
  await admin.end();
  Object.assign(console, said);
  const codes = all.map((p) => p.name);
  const ways = {
    "medusa computeActions": () => module.computeActions([], cart),
    "medusa computeActions, by code": () => module.computeActions(codes, cart, { prevent_auto_promotions: true }),
  };
  for (const [name, compute] of Object.entries(ways)) {
    const got = discount(await compute());
    insist(name, got, expected(all));
    tell(name, asked, got, await time(asked.calls, compute));
  }
} finally {
  await stop();
  await db.drop();
}
