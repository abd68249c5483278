import './words'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { language } from '@/i18n'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { inLanguage } from '@/parts/texts'

type Template = Schemas['TemplateRow']

const colours: Record<Template['status'], string> = { draft: 'default', published: 'green', archived: 'red' }

/** The templates of all markets, newest first. */
export default function Templates() {
  const { t } = useTranslation('coupons')
  return (
    <ListPage<Template>
      title={t('templates.title')}
      name="templates"
      rowKey="id"
      exportable="/v1/templates"
      filters={[{ key: 'status', label: t('templates.status'), options: ['draft', 'published', 'archived'].map((value) => ({ value, label: t(`status.${value}`) })) }]}
      page={(query, signal) => ask(api.GET('/v1/templates', { params: { query }, signal }))}
      empty={t('templates.empty')}
      columns={[
        { key: 'name', title: t('templates.name'), render: (_, r) => inLanguage(r.customer_name, language()) || r.internal_name },
        { key: 'status', title: t('templates.status'), render: (_, r) => <Tag color={colours[r.status]}>{t(`status.${r.status}`)}</Tag> },
        { key: 'version', title: t('templates.version'), dataIndex: 'version', className: 'numbers' },
        { key: 'updated', title: t('templates.updated'), render: (_, r) => <Moment at={r.updated_at} /> },
      ]}
    />
  )
}
