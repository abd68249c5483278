import { DeleteOutlined } from '@ant-design/icons'
import { Button, Collapse, Descriptions, Flex, Input, InputNumber, List, Tag } from 'antd'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { MoneyInput } from '@/parts/MoneyInput'
import { MomentInput } from '@/parts/MomentInput'
import { useMoney } from '@/parts/money'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useEditing } from './editing'
import { PickOne } from './Picked'
import { useDelayed } from '@/parts/delayed'

interface Line {
  sku?: string
  name: string
  quantity: number
  unit_minor: number
  shipping?: string
}

const colours = { applied: 'green', skipped: 'default', inapplicable: 'red' } as const

/** CartTest prices a cart with the draft alone, as it is saved. */
export function CartTest({ saved }: { saved: string }) {
  const { t, i18n } = useTranslation('coupons')
  const { market, template } = useEditing()
  const money = useMoney()
  const queries = useQueryClient()
  const [lines, setLines] = useState<Line[]>([])
  const [at, setAt] = useState<string>()
  const [place, setPlace] = useState<{ store?: string; city?: string; channel?: string; payment?: string }>({})
  const asked = useDelayed(
    {
      market: market.code,
      drafts: [template.id],
      ...(at ? { at } : {}),
      cart: { ...Object.fromEntries(Object.entries(place).filter(([, v]) => v)), lines: lines.map(({ name: _, ...l }) => l) },
    },
    300,
  )
  const quote = useQuery({
    queryKey: ['quote', saved, i18n.language, asked],
    queryFn: ({ signal }) => ask(api.POST('/v1/quotes', { body: asked, signal })),
    enabled: asked.cart.lines.length > 0 && saved !== '',
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const change = (i: number, to: Partial<Line>) => setLines(lines.map((l, n) => (n === i ? { ...l, ...to } : l)))
  const add = async (sku: string | undefined) => {
    if (!sku) return
    const i = await queries.fetchQuery({ queryKey: ['item', sku], queryFn: () => ask(api.GET('/v1/items/{sku}', { params: { path: { sku } } })), staleTime: 60_000 })
    setLines((now) => [...now, { sku, name: i.name, quantity: 1, unit_minor: i.price_minor }])
  }
  const mine = quote.data?.coupons.find((c) => c.template === template.id)
  return (
    <Flex vertical gap="small">
      <PickOne what="items" market={market.code} value={undefined} width="100%" aria-label={t('cart.add')} placeholder={t('cart.add')} onChange={(sku) => void add(sku)} />
      {lines.map((l, i) => (
        <Flex key={i} gap={8} align="center" wrap>
          <span style={{ flex: '1 1 100%' }}>{l.name}</span>
          <InputNumber size="small" min={1} max={1_000_000} precision={0} value={l.quantity} aria-label={t('cart.quantity', { name: l.name })} style={{ width: 80 }} onChange={(n) => change(i, { quantity: n ?? 1 })} />
          <span>×</span>
          <div style={{ width: 130 }}>
            <MoneyInput value={l.unit_minor} currency={market.currency} aria-label={t('cart.unit', { name: l.name })} onChange={(m) => change(i, { unit_minor: m ?? 0 })} />
          </div>
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('rows.remove', { name: l.name })} onClick={() => setLines(lines.filter((_, n) => n !== i))} />
        </Flex>
      ))}
      <Flex gap="small" wrap>
        <Button size="small" onClick={() => setLines([...lines, { name: t('cart.goods'), quantity: 1, unit_minor: 10_000 }])}>
          {t('cart.addGoods')}
        </Button>
        <Button size="small" onClick={() => setLines([...lines, { name: t('cart.shipping'), quantity: 1, unit_minor: 800, shipping: 'standard' }])}>
          {t('cart.addShipping')}
        </Button>
      </Flex>
      <Collapse
        size="small"
        ghost
        items={[
          {
            key: 'where',
            label: t('cart.where'),
            children: (
              <Flex vertical gap={8}>
                <label>
                  {t('cart.at')}
                  <MomentInput zone={market.zone} value={at} onChange={setAt} aria-label={t('cart.at')} />
                </label>
                <PickOne what="stores" market={market.code} width="100%" value={place.store} placeholder={t('cart.store')} aria-label={t('cart.store')} onChange={(store) => setPlace({ ...place, store })} />
                {(['city', 'channel', 'payment'] as const).map((k) => (
                  <Input key={k} size="small" value={place[k] ?? ''} placeholder={t(`cart.${k}`)} aria-label={t(`cart.${k}`)} onChange={(e) => setPlace({ ...place, [k]: e.target.value })} />
                ))}
              </Flex>
            ),
          },
        ]}
      />
      <ProblemAlert error={quote.error} />
      {lines.length === 0 ? (
        <span className="quiet">{t('cart.empty')}</span>
      ) : (
        quote.data &&
        !quote.error && (
          <>
            <Descriptions
              size="small"
              column={1}
              bordered
              items={[
                { key: 'list', label: t('cart.list'), children: money(quote.data.list_minor, quote.data.currency) },
                { key: 'off', label: t('cart.off'), children: <strong>−{money(quote.data.discount_minor, quote.data.currency)}</strong> },
                { key: 'pay', label: t('cart.pay'), children: <strong>{money(quote.data.payable_minor, quote.data.currency)}</strong> },
              ]}
            />
            {mine && (
              <div>
                <Tag color={colours[mine.verdict]}>{t(`verdicts.${mine.verdict}`)}</Tag>
                {(mine.reasons ?? []).length > 0 && <List size="small" dataSource={mine.reasons} renderItem={(r) => <List.Item>{r.detail}</List.Item>} />}
              </div>
            )}
          </>
        )
      )}
    </Flex>
  )
}
