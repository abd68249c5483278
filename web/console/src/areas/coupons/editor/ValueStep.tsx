import { Alert, Button, Card, Collapse, Flex, Segmented } from 'antd'
import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { write, type Terms } from './doc'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, MoneyField, NumberField, PercentField, SwitchField, TextField, useLabel, WordsField } from './fields'
import { KindPicker } from './KindPicker'
import { fieldsOfKinds, readingOf, turned, useKinds, type Kind } from './kinds'
import { PickOne } from './Picked'
import { Rows } from './Rows'
import { ScopeEditor } from './ScopeEditor'

const terms = '/draft/terms'

/** Fields that a kind reads without needing them, and that people look for all the same. */
const welcome: Partial<Record<Kind, string[]>> = {
  amount_off: ['repeat'],
  percent_off: ['threshold_minor', 'cap_minor'],
  new_total: ['threshold_minor'],
  stored_value: ['amount_minor'],
  item_off: ['units_max', 'split'],
  fixed_price: ['prices', 'units_max'],
  member_price: ['prices'],
  nth_item: ['select'],
  buy_get: ['select', 'times'],
  exchange: ['price_minor'],
  gift: ['threshold_minor'],
  shipping: ['methods', 'threshold_minor'],
  external: ['threshold_minor'],
}

/** The order in which fields stand. */
const order = ['reward', 'nth', 'buy', 'get', 'gift', 'external', 'threshold_minor', 'threshold_quantity', 'amount_minor', 'discount_bps', 'price_minor', 'total_minor',
  'steps', 'chain', 'prices', 'methods', 'repeat', 'times', 'cap_minor', 'item_cap_minor', 'units_max', 'line_units_max', 'select', 'split', 'threshold_base']

/** ValueStep says what the coupon does. */
export function ValueStep() {
  const { t } = useTranslation('coupons')
  const { body, set, disabled } = useEditing()
  const kinds = useKinds()
  const label = useLabel()
  const kept = useRef<Record<string, unknown>>({})
  if (!kinds.data) return null
  const now = body.draft.terms
  const { reads, needs, rewards } = readingOf(kinds.data, now)
  const turn = (to: Partial<Pick<Terms, 'kind' | 'reward'>>) => set(terms, turned(kinds.data, now, to, kept.current))
  const has = (f: string) => (now as unknown as Record<string, unknown>)[f] !== undefined
  const strange = fieldsOfKinds(kinds.data).filter((f) => has(f) && !reads(f) && f !== 'reward')

  // Tiers, or a value for each use, stand in the place of the one value.
  const forms = ['one', ...(reads('steps') ? ['steps'] : []), ...(reads('chain') ? ['chain'] : [])]
  const form = now.steps ? 'steps' : now.chain ? 'chain' : 'one'
  const instead: Record<string, string[]> = { one: ['steps', 'chain'], steps: ['amount_minor', 'discount_bps', 'threshold_minor', 'threshold_quantity', 'repeat', 'times', 'chain'], chain: ['amount_minor', 'steps'] }
  const reform = (to: string) => {
    let next: Record<string, unknown> = { ...now }
    for (const f of ['amount_minor', 'discount_bps', 'threshold_minor', 'threshold_quantity', 'repeat', 'times', 'steps', 'chain']) {
      if (instead[to]?.includes(f) && next[f] !== undefined) {
        kept.current[f] = next[f]
        delete next[f]
      } else if (next[f] === undefined && kept.current[f] !== undefined && reads(f)) next[f] = kept.current[f]
    }
    const gives = now.kind === 'percent_off' ? { discount_bps: now.discount_bps } : { amount_minor: now.amount_minor }
    if (to === 'steps' && !next.steps) next = { ...next, steps: [{ threshold_minor: now.threshold_minor, ...gives }] }
    if (to === 'chain' && !next.chain) next = { ...next, chain: [now.amount_minor ?? 0], uses_per_coupon: Math.max(now.uses_per_coupon, 2) }
    set(terms, next)
  }
  const fields = order.filter((f) => reads(f) && !instead[form]?.includes(f))
  const first = fields.filter((f) => f === 'reward' || needs(f) || f === form || welcome[now.kind]?.includes(f))
  const more = fields.filter((f) => !first.includes(f))
  return (
    <>
      <Field at={`${terms}/kind`}>
        <KindPicker kinds={kinds.data} value={now.kind} disabled={disabled} onChange={(kind) => turn({ kind })} />
      </Field>
      {rewards.length > 0 && (
        <Field at={`${terms}/reward`}>
          <Segmented id={fieldId(`${terms}/reward`)} value={now.reward ?? ''} disabled={disabled} options={rewards.map((value) => ({ value, label: t(`rewards.${value}`) }))} onChange={(r) => turn({ reward: r as Terms['reward'] })} />
        </Field>
      )}
      {forms.length > 1 && (
        <Segmented aria-label={t('forms.label')} value={form} disabled={disabled} style={{ marginBottom: 16 }} options={forms.map((value) => ({ value, label: t(`forms.${value}`) }))} onChange={reform} />
      )}
      {first.filter((f) => f !== 'reward').map((f) => <TermField key={f} name={f} />)}
      <Currencies />
      {strange.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 16 }}
          title={t('strange')}
          description={strange.map((f) => (
            <Flex key={f} gap="small" align="center">
              <span data-at={`${terms}/${f}`}>{label(`/${f}`)}</span>
              <Button size="small" disabled={disabled} onClick={() => set(`${terms}/${f}`, undefined)}>
                {t('rows.take')}
              </Button>
            </Flex>
          ))}
        />
      )}
      {more.length > 0 && <Collapse size="small" style={{ marginBottom: 16 }} defaultActiveKey={more.some(has) ? ['more'] : []} items={[{ key: 'more', label: t('more'), children: more.map((f) => <TermField key={f} name={f} />) }]} />}
    </>
  )
}

/** TermField is the input of one field of the terms. */
function TermField({ name }: { name: string }): ReactNode {
  const { t } = useTranslation('coupons')
  const { body } = useEditing()
  const at = `${terms}/${name}`
  const percent = body.draft.terms.kind === 'percent_off'
  const options = (group: string, values: string[]) => values.map((value) => ({ value, label: t(`${group}.${value}`) }))
  switch (name) {
    case 'discount_bps':
      return <PercentField at={at} fold />
    case 'nth':
      return <NumberField at={at} min={2} max={1000} />
    case 'threshold_quantity':
    case 'times':
    case 'units_max':
    case 'line_units_max':
      return <NumberField at={at} min={0} max={1_000_000} hint={name === 'threshold_quantity' ? undefined : t('zero')} />
    case 'repeat':
      return <SwitchField at={at} hint={t('hints.repeat')} />
    case 'threshold_base':
      return <ChoiceField at={at} options={options('bases', ['list', 'before', 'after'])} standard="before" />
    case 'select':
      return <ChoiceField at={at} options={options('selects', ['cheapest', 'dearest', 'first'])} standard="cheapest" />
    case 'split':
      return <ChoiceField at={at} options={options('splits', ['per_unit', 'per_line', 'by_amount', 'by_quantity'])} standard="per_unit" />
    case 'methods':
      return <WordsField at={at} hint={t('hints.methods')} />
    case 'steps':
      return <Tiers at={at} percent={percent} />
    case 'chain':
      return <Chain at={at} />
    case 'prices':
      return <Prices at={at} />
    case 'buy':
    case 'get':
      return <Parts at={at} name={t(`parts.${name}`)} add={t(`parts.add_${name}`)} />
    case 'gift':
      return <Gift />
    case 'external':
      return (
        <Flex wrap gap="middle">
          <TextField at={`${at}/unit`} label={t('external.unit')} hint={t('external.unitHint')} max={128} />
          <NumberField at={`${at}/value`} label={t('external.value')} min={1} />
          <MoneyField at={`${at}/worst_minor`} label={t('external.worst')} hint={t('external.worstHint')} />
        </Flex>
      )
    default:
      return <MoneyField at={at} />
  }
}

function Tiers({ at, percent, currency }: { at: string; percent: boolean; currency?: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Rows
      at={at}
      name={t('tier')}
      add={t('addTier')}
      most={50}
      fresh={() => ({})}
      row={(at, i) => (
        <Flex wrap gap="middle">
          <MoneyField at={`${at}/threshold_minor`} label={t('tiers.from', { n: i + 1 })} currency={currency} />
          <NumberField at={`${at}/threshold_quantity`} label={t('tiers.units', { n: i + 1 })} min={0} />
          {percent ? <PercentField at={`${at}/discount_bps`} label={t('tiers.percent', { n: i + 1 })} fold /> : <MoneyField at={`${at}/amount_minor`} label={t('tiers.off', { n: i + 1 })} currency={currency} />}
        </Flex>
      )}
    />
  )
}

function Chain({ at, currency }: { at: string; currency?: string }) {
  const { t } = useTranslation('coupons')
  return <Rows at={at} name={t('use')} add={t('addUse')} most={10_000} moves fresh={() => 0} row={(at, i) => <MoneyField at={at} label={t('chain', { n: i + 1 })} currency={currency} zero />} />
}

function Prices({ at, currency }: { at: string; currency?: string }) {
  const { t } = useTranslation('coupons')
  return (
    <>
      <div style={{ marginBottom: 8 }}>{t('fields.prices')}</div>
      <Rows
        at={at}
        name={t('price')}
        add={t('addPrice')}
        most={5000}
        fresh={() => ({ sku: '', price_minor: 0 })}
        row={(at, i) => (
          <Flex wrap gap="middle">
            <SkuField at={`${at}/sku`} label={t('prices.sku', { n: i + 1 })} />
            <MoneyField at={`${at}/price_minor`} label={t('prices.price', { n: i + 1 })} currency={currency} />
          </Flex>
        )}
      />
    </>
  )
}

export function SkuField({ at, label }: { at: string; label?: string }) {
  const [v, set] = useField<string>(at)
  const { market, disabled } = useEditing()
  return (
    <Field at={at} label={label}>
      <PickOne id={fieldId(at)} what="items" market={market.code} value={v} disabled={disabled} onChange={(x) => set(x ?? '')} />
    </Field>
  )
}

function Parts({ at, name, add }: { at: string; name: string; add: string }) {
  const { t } = useTranslation('coupons')
  return (
    <Rows
      at={at}
      name={name}
      add={add}
      most={6}
      fresh={() => ({ quantity: 1 })}
      row={(at, i) => (
        <>
          <NumberField at={`${at}/quantity`} label={t('parts.quantity', { name: `${name} ${i + 1}` })} min={1} max={1000} />
          <Collapse size="small" ghost items={[{ key: 'scope', label: t('parts.scope'), children: <ScopeEditor at={`${at}/scope`} /> }]} />
        </>
      )}
    />
  )
}

function Gift() {
  const { t } = useTranslation('coupons')
  const { body } = useEditing()
  const at = `${terms}/gift`
  return (
    <Flex wrap gap="middle" data-at={at}>
      <SkuField at={`${at}/sku`} label={t('gift.sku')} />
      <NumberField at={`${at}/quantity`} label={t('gift.quantity')} min={1} max={1000} />
      <MoneyField at={`${at}/value_minor`} label={t('gift.value')} hint={t('gift.valueHint')} />
      {body.draft.terms.kind === 'gift' && (
        <ChoiceField at={`${at}/mode`} label={t('gift.mode')} standard="add_new" options={['add_new', 'add_missing'].map((value) => ({ value, label: t(`gift.${value}`) }))} />
      )}
    </Flex>
  )
}

/** Currencies are the amounts in further currencies of the market: the same fields as in its own. */
function Currencies() {
  const { t } = useTranslation('coupons')
  const { market, body, set, disabled } = useEditing()
  const now = body.draft.terms
  const codes = [...new Set([...Object.keys(market.currencies ?? {}), ...Object.keys(now.currencies ?? {})])]
  if (codes.length === 0) return null
  const fields = (['amount_minor', 'threshold_minor', 'price_minor', 'total_minor', 'cap_minor', 'item_cap_minor'] as const).filter((f) => now[f])
  return (
    <Flex vertical gap="small" style={{ marginBottom: 16 }}>
      {codes.map((code) => {
        const at = `${terms}/currencies/${code}`
        const on = now.currencies?.[code] !== undefined
        const turn = () => {
          const next = write(now, `/currencies/${code}`, on ? undefined : {})
          set(terms, Object.keys(next.currencies ?? {}).length === 0 ? write(next, '/currencies', undefined) : next)
        }
        return (
          <Card
            key={code}
            size="small"
            title={code}
            data-at={at}
            styles={on ? {} : { body: { display: 'none' } }}
            extra={
              <Button size="small" disabled={disabled} onClick={turn}>
                {on ? t('currency.without', { code }) : t('currency.with', { code })}
              </Button>
            }
          >
            <Flex wrap gap="middle">
              {fields.map((f) => (
                <MoneyField key={f} at={`${at}/${f}`} currency={code} />
              ))}
            </Flex>
            {now.steps && <Tiers at={`${at}/steps`} percent={now.kind === 'percent_off'} currency={code} />}
            {now.chain && <Chain at={`${at}/chain`} currency={code} />}
            {now.prices && <Prices at={`${at}/prices`} currency={code} />}
          </Card>
        )
      })}
    </Flex>
  )
}
