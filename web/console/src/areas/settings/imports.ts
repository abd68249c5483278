import { api, ask, type Schemas } from '@/api/client'
import type { Import } from '@/parts/importing'

/** How files become merchants, stores and items: rows as they shall be, so that doing it again changes nothing. */

export const merchantImport: Import = {
  area: 'settings',
  what: 'merchants.title',
  many: 'merchants',
  key: (row) => String(row['code'] ?? ''),
  fields: [
    { name: 'code', label: 'code', required: true, also: ['merchant', 'merchant code', '商户代码', '商家代碼'] },
    { name: 'name', label: 'name', required: true, also: ['merchant name', '商户名称', '商家名稱'] },
  ],
  send: (merchants, dry_run, key) =>
    ask(api.POST('/v1/merchants/batch', { params: { header: { 'Idempotency-Key': key } }, body: { merchants: merchants as Schemas['MerchantFeed']['merchants'], dry_run } })),
}

export const storeImport: Import = {
  area: 'settings',
  what: 'stores.title',
  many: 'stores',
  key: (row) => String(row['code'] ?? ''),
  fields: [
    { name: 'code', label: 'code', required: true, also: ['store', 'store code', '门店代码', '門市代碼'] },
    { name: 'name', label: 'name', required: true, also: ['store name', '门店名称', '門市名稱'] },
    { name: 'merchant', label: 'merchant', required: true },
    { name: 'city', label: 'city' },
    { name: 'lat', label: 'stores.lat', kind: 'degrees', also: ['position.lat_e6', 'latitude', '纬度', '緯度'] },
    { name: 'lng', label: 'stores.lng', kind: 'degrees', also: ['position.lng_e6', 'longitude', '经度', '經度'] },
    { name: 'system', label: 'stores.system', also: ['position.system'] },
  ],
  send: (rows, dry_run, key) =>
    ask(
      api.POST('/v1/stores/batch', {
        params: { header: { 'Idempotency-Key': key } },
        body: {
          dry_run,
          stores: rows.map(({ lat, lng, system, ...row }) => ({
            ...(row as Schemas['StoreFeedRow']),
            ...(lat !== undefined && lng !== undefined ? { position: { lat_e6: lat as number, lng_e6: lng as number, system: (system ?? 'wgs84') as Schemas['PositionBody']['system'] } } : {}),
          })),
        },
      }),
    ),
}

const currencies = new Map<string, string>()

export const itemImport: Import = {
  area: 'settings',
  what: 'items.title',
  many: 'items',
  key: (row) => String(row['sku'] ?? ''),
  fields: [
    { name: 'sku', label: 'items.sku', required: true, also: ['code', '货号', '貨號'] },
    { name: 'name', label: 'name', required: true, also: ['item', '商品名称', '商品名稱'] },
    { name: 'market', label: 'market', required: true },
    { name: 'price_minor', label: 'items.price', required: true, kind: 'money', also: ['price', '价格', '價格', '售价', '售價'] },
    { name: 'category', label: 'items.category' },
    { name: 'brand', label: 'items.brand' },
    { name: 'merchant', label: 'merchant' },
    { name: 'min_minor', label: 'items.min', kind: 'money', also: ['min price'] },
    { name: 'cost_minor', label: 'items.cost', kind: 'money', also: ['cost'] },
  ],
  prepare: async () => {
    const all = await ask(api.GET('/v1/markets', { params: { query: { limit: 500 } } }))
    for (const m of all.items) currencies.set(m.code, m.currency)
  },
  currency: (row) => currencies.get(String(row['market'])),
  send: (items, dry_run, key) => ask(api.POST('/v1/items/batch', { params: { header: { 'Idempotency-Key': key } }, body: { items: items as unknown as Schemas['ItemFeed']['items'], dry_run } })),
}
