import { Form, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { PackSelect, TemplateSelect } from '@/parts/RowSelect'

/** What is offered: one template, or a pack. */
export type Offer = 'template' | 'pack'

interface Props {
  kind: Offer
  choose: (kind: Offer) => void
  /** What stands under the field. */
  extra?: string
}

/** OfferFields are the fields of what a link or a placement offers, named template and pack. */
export function OfferFields({ kind, choose, extra }: Props) {
  const { t } = useTranslation('delivery')
  const needed = [{ required: true, message: t('shell:required') }]
  return (
    <>
      <Form.Item>
        <Segmented<Offer>
          block
          aria-label={t('placement.offers')}
          value={kind}
          onChange={choose}
          options={[
            { value: 'template', label: t('placement.aTemplate') },
            { value: 'pack', label: t('placement.aPack') },
          ]}
        />
      </Form.Item>
      {kind === 'template' ? (
        <Form.Item name="template" label={t('placement.template')} extra={extra} rules={needed}>
          <TemplateSelect placeholder={t('placement.chooseTemplate')} />
        </Form.Item>
      ) : (
        <Form.Item name="pack" label={t('placement.pack')} extra={extra} rules={needed}>
          <PackSelect placeholder={t('placement.choosePack')} />
        </Form.Item>
      )}
    </>
  )
}
