import { useEffect, useRef, useState } from 'preact/hooks'
import { call, Problem, type Schemas } from './api'
import { plainMoney, readMoney, showMoney } from './money'
import type { Line } from './queue'
import type { Till } from './Redeem'
import { Trouble } from './Trouble'
import { language, t } from './words'

/** What the clerk has told of the order. */
export interface Filled {
  lines: Line[]
  balance?: number
}

interface Good {
  sku: string
  name: string
  price: string
  quantity: number
}

/** Cart asks of the order what the coupon wants to know, shows the price, and redeems. */
export function Cart({ seen, till, use, back }: { seen: Schemas['LookRow']; till: Till; use: (f: Filled) => Promise<void>; back: () => void }) {
  const [amount, setAmount] = useState('')
  const [goods, setGoods] = useState<Good[]>([])
  const [left, setLeft] = useState('')
  const [quote, setQuote] = useState<Schemas['QuoteRow'] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const currency = seen.currency
  const stored = seen.kind === 'stored_value'

  // What the coupon is for is put into the cart at once: one cup of coffee needs no typing.
  useEffect(() => {
    if (seen.asks === 'goods' && seen.gift) void add(seen.gift.sku, seen.gift.quantity).catch(() => undefined)
  }, [])

  async function add(sku: string, quantity: number) {
    const i = await call<Schemas['ItemRow']>('GET', '/v1/items/' + encodeURIComponent(sku))
    setGoods((now) => {
      const there = now.find((g) => g.sku === i.sku)
      if (there) return now.map((g) => (g === there ? { ...g, quantity: g.quantity + quantity } : g))
      return [...now, { sku: i.sku, name: i.name, price: plainMoney(i.price_minor, currency), quantity }]
    })
  }

  const filled = read()
  const shape = JSON.stringify(filled)
  function read(): Filled | null {
    const lines: Line[] = []
    for (const g of goods) {
      const unit = readMoney(g.price, currency)
      if (unit === null || g.quantity < 1) return null
      lines.push({ sku: g.sku, quantity: g.quantity, unit_minor: unit })
    }
    if (amount.trim() !== '') {
      const minor = readMoney(amount, currency)
      if (minor === null) return null
      if (minor > 0) lines.push({ quantity: 1, unit_minor: minor })
    }
    const balance = stored ? readMoney(left, currency) : undefined
    if (balance === null || (seen.asks !== 'nothing' && lines.length === 0)) return null
    return balance === undefined ? { lines } : { lines, balance }
  }

  // The price is asked for when somebody stops typing.
  useEffect(() => {
    setQuote(null)
    setError(null)
    if (!filled || filled.lines.length === 0) return
    let stale = false
    const timer = setTimeout(() => {
      call<Schemas['QuoteRow']>('POST', '/v1/quotes', {
        market: seen.market,
        member: { id: seen.coupon.member },
        cart: { lines: filled.lines, currency, store: till.shop.code, ...(till.shop.city ? { city: till.shop.city } : {}), channel: 'counter' },
        coupons: [seen.coupon.id],
        ...(filled.balance === undefined ? {} : { balances: { [seen.coupon.id]: filled.balance } }),
      }).then(
        (q) => !stale && setQuote(q),
        (e) => !stale && setError(e),
      )
    }, 350)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [shape])

  const mine = quote?.coupons.find((c) => c.coupon === seen.coupon.id)
  const why = mine && mine.verdict !== 'applied' ? mine.reasons?.[0] : undefined
  const gift = quote?.uses[0]?.gift
  const ready = filled !== null && (filled.lines.length === 0 || (quote !== null && mine?.verdict === 'applied'))
  return (
    <form
      class="card"
      onSubmit={(e) => {
        e.preventDefault()
        if (!ready || !filled || busy) return
        setBusy(true)
        void use(filled)
      }}
    >
      {seen.asks === 'goods' && <Goods goods={goods} currency={currency} add={add} change={setGoods} />}
      {seen.asks !== 'nothing' && (
        <label>
          {seen.asks === 'goods' ? t('cart.other') : t('cart.amount', { currency })}
          <input name="amount" inputMode="decimal" autocomplete="off" value={amount} maxLength={18} aria-describedby="amount-help" onInput={(e) => setAmount(e.currentTarget.value)} ref={focusOnce(seen.asks === 'amount')} />
          <span id="amount-help" class="quiet small">
            {amount.trim() !== '' && readMoney(amount, currency) === null ? t('cart.wrong') : t('cart.amount.help')}
          </span>
        </label>
      )}
      {stored && (
        <label>
          {t('cart.balance', { currency })}
          <input name="balance" inputMode="decimal" autocomplete="off" value={left} maxLength={18} onInput={(e) => setLeft(e.currentTarget.value)} />
        </label>
      )}
      <Trouble error={error instanceof Problem || error ? error : null} />
      {quote && mine?.verdict === 'applied' && (
        <dl aria-live="polite">
          <dt>{t('price.list')}</dt>
          <dd>{showMoney(quote.list_minor, quote.currency, language())}</dd>
          <dt>{t('price.off')}</dt>
          <dd>−{showMoney(quote.discount_minor, quote.currency, language())}</dd>
          <dt>
            <b>{t('price.pay')}</b>
          </dt>
          <dd>
            <b class="gives">{showMoney(quote.payable_minor, quote.currency, language())}</b>
          </dd>
          {gift && gift.quantity > 0 && (
            <>
              <dt>{t('price.gift')}</dt>
              <dd>
                {gift.sku} × {gift.quantity}
              </dd>
            </>
          )}
        </dl>
      )}
      {quote && mine && mine.verdict !== 'applied' && (
        <div class="alert" role="alert">
          <b>{t('no.title')}</b>
          <span>{why?.detail ?? t('no.next')}</span>
        </div>
      )}
      <button class="main go" disabled={!ready || busy}>
        {busy ? t('loading') : t('redeem')}
      </button>
      <button type="button" onClick={back} disabled={busy}>
        {t('look.cancel')}
      </button>
    </form>
  )
}

/** focusOnce puts the cursor into a field when it appears. */
function focusOnce(wanted: boolean) {
  const done = useRef(false)
  return (e: HTMLInputElement | null) => {
    if (e && wanted && !done.current) {
      done.current = true
      e.focus()
    }
  }
}

/** Goods are what the customer buys, by their codes. */
function Goods({ goods, currency, add, change }: { goods: Good[]; currency: string; add: (sku: string, n: number) => Promise<void>; change: (g: Good[]) => void }) {
  const [error, setError] = useState<unknown>(null)
  const sku = useRef<HTMLInputElement>(null)
  const find = async () => {
    const text = sku.current?.value.trim() ?? ''
    if (!text) return
    setError(null)
    try {
      await add(text, 1)
      if (sku.current) sku.current.value = ''
    } catch (e) {
      setError(e)
    }
    sku.current?.focus()
  }
  const set = (g: Good, with_: Partial<Good>) => change(goods.map((x) => (x === g ? { ...x, ...with_ } : x)))
  return (
    <>
      <h3>{t('cart.items')}</h3>
      <div class="row">
        <label>
          {t('cart.find')}
          <input
            ref={sku}
            name="sku"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            maxLength={64}
            onKeyDown={(e) => {
              if (e.key !== 'Enter') return
              e.preventDefault() // an item's code, not the end of the form
              void find()
            }}
          />
        </label>
        <button type="button" class="slim" onClick={() => void find()}>
          {t('cart.search')}
        </button>
      </div>
      <Trouble error={error} />
      {goods.map((g) => (
        <div key={g.sku} class="card">
          <b>{g.name}</b>
          <div class="row">
            <label>
              {t('cart.price')}
              <input inputMode="decimal" autocomplete="off" value={g.price} maxLength={18} aria-label={`${t('cart.price')} (${currency}) ${g.name}`} onInput={(e) => set(g, { price: e.currentTarget.value })} />
            </label>
            <button type="button" class="slim" aria-label={t('cart.fewer', { name: g.name })} onClick={() => (g.quantity > 1 ? set(g, { quantity: g.quantity - 1 }) : change(goods.filter((x) => x !== g)))}>
              −
            </button>
            <output class="slim numbers" aria-label={t('cart.quantity')}>
              {g.quantity}
            </output>
            <button type="button" class="slim" aria-label={t('cart.more', { name: g.name })} onClick={() => set(g, { quantity: g.quantity + 1 })}>
              +
            </button>
          </div>
        </div>
      ))}
    </>
  )
}
