import { Collapse, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { leaves, read } from './doc'
import { fieldId, useEditing, useField } from './editing'
import { Field, WordsField } from './fields'
import { PickMany, type Listed } from './Picked'

/** ListedField picks several of a list of the API. */
export function ListedField({ at, what, label, hint }: { at: string; what: Listed; label?: string; hint?: string }) {
  const [v, set] = useField<string[]>(at)
  const { market, disabled, refused } = useEditing()
  const also = (v ?? []).map((_, i) => `${at}/${i}`).filter((x) => refused(x).length > 0)
  return (
    <Field at={at} label={label} hint={hint} also={also}>
      <PickMany id={fieldId(at)} what={what} market={market.code} value={v} onChange={set} disabled={disabled} />
    </Field>
  )
}

function Selector({ at }: { at: string }) {
  return (
    <Flex vertical>
      <WordsField at={`${at}/categories`} />
      <ListedField at={`${at}/skus`} what="items" />
      <WordsField at={`${at}/brands`} />
      <ListedField at={`${at}/merchants`} what="merchants" />
      <ListedField at={`${at}/stores`} what="stores" />
    </Flex>
  )
}

/** ScopeEditor says which goods are meant: what is in, and what is out of it. */
export function ScopeEditor({ at }: { at: string }) {
  const { t } = useTranslation('coupons')
  const { body } = useEditing()
  const out = leaves(read(body, `${at}/exclude`)).size > 0
  return (
    <div data-at={at}>
      <Typography.Paragraph className="quiet">{t('scope.in')}</Typography.Paragraph>
      <Selector at={`${at}/include`} />
      <Collapse size="small" defaultActiveKey={out ? ['out'] : []} items={[{ key: 'out', label: t('scope.out'), forceRender: false, children: <Selector at={`${at}/exclude`} /> }]} style={{ marginBottom: 24 }} />
    </div>
  )
}
