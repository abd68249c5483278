import { Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import { plainPercent } from '@/parts/percent'
import { fieldId, useEditing, useField } from './editing'
import { ChoiceField, Field, PercentField, TextField } from './fields'
import { PickOne } from './Picked'
import { Rows } from './Rows'

type Funder = Schemas['Funder']

/** FundersStep says in whose name the coupon is issued, and who pays for it. */
export function FundersStep() {
  const { t } = useTranslation('coupons')
  const { body, template, disabled } = useEditing()
  const at = '/draft/terms/funders'
  const [list, set] = useField<Funder[]>(at)
  const sum = (list ?? []).reduce((n, f) => n + (f.share_bps ?? 0), 0)
  return (
    <>
      <h3>{t('issuer.title')}</h3>
      <Issuer fixed={template.version > 0} kind={body.issuer.kind} />
      <h3>{t('funders.title')}</h3>
      <p className="quiet">{t('funders.about')}</p>
      <Rows<Funder>
        at={at}
        name={t('funders.one')}
        add={t('funders.add')}
        most={20}
        fresh={() => ({ kind: 'merchant', code: '', share_bps: Math.max(10_000 - sum, 0) })}
        row={(at, i, f) => (
          <Flex wrap gap="middle">
            <ChoiceField at={`${at}/kind`} label={t('funders.kind', { n: i + 1 })} options={['platform', 'merchant', 'brand'].map((value) => ({ value, label: t(`funders.${value}`) }))} />
            {f.kind === 'merchant' ? <MerchantField at={`${at}/code`} label={t('funders.merchantCode', { n: i + 1 })} /> : <TextField at={`${at}/code`} label={t('funders.code', { n: i + 1 })} max={64} />}
            <PercentField at={`${at}/share_bps`} label={t('funders.share', { n: i + 1 })} />
          </Flex>
        )}
      />
      {sum !== 10_000 && (list ?? []).length > 0 && <p role="status">{t('funders.sum', { percent: plainPercent(sum) })}</p>}
      {!list?.length && (
        <Button disabled={disabled} onClick={() => set([{ kind: 'platform', code: 'platform', share_bps: 10_000 }])}>
          {t('funders.platformAll')}
        </Button>
      )}
    </>
  )
}

function MerchantField({ at, label, what = 'merchants' }: { at: string; label: string; what?: 'merchants' | 'stores' }) {
  const [v, set] = useField<string>(at)
  const { market, disabled } = useEditing()
  return (
    <Field at={at} label={label}>
      <PickOne id={fieldId(at)} what={what} market={market.code} value={v} disabled={disabled} onChange={(x) => set(x ?? '')} />
    </Field>
  )
}

function Issuer({ fixed, kind }: { fixed: boolean; kind: string }) {
  const { t } = useTranslation('coupons')
  if (fixed) return <p>{t('issuer.fixed', { issuer: t(`issuer.${kind}`) })}</p>
  return (
    <Flex wrap gap="middle" data-at="/issuer">
      <ChoiceField at="/issuer/kind" label={t('issuer.kind')} options={['platform', 'self_run', 'merchant', 'store'].map((value) => ({ value, label: t(`issuer.${value}`) }))} />
      {kind === 'merchant' && <MerchantField at="/issuer/code" label={t('issuer.merchantCode')} />}
      {kind === 'store' && <MerchantField at="/issuer/code" label={t('issuer.storeCode')} what="stores" />}
    </Flex>
  )
}
