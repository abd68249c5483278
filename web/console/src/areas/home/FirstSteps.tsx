import { useQuery } from '@tanstack/react-query'
import { Card, Steps } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { LinkButton } from '@/parts/LinkButton'
import { useMay } from '@/session'

/** FirstSteps leads whoever has placed nothing yet to the first coupon that a member claims; nobody else sees it. */
export function FirstSteps() {
  const { t } = useTranslation('home')
  const may = useMay()
  const writes = may('template.write') && may('template.publish') && may('reference.write')
  const places = useQuery({ queryKey: ['placements', 'any'], queryFn: ({ signal }) => ask(api.GET('/v1/placements', { params: { query: { limit: 1 } }, signal })), enabled: writes })
  const none = places.data?.items.length === 0
  const templates = useQuery({ queryKey: ['templates', 'first'], queryFn: ({ signal }) => ask(api.GET('/v1/templates', { params: { query: { limit: 20 } }, signal })), enabled: none })
  if (!none || !templates.data) return null
  const live = templates.data.items.find((x) => x.status === 'published')
  const draft = templates.data.items.find((x) => x.status === 'draft')
  const now = live ? 2 : draft ? 1 : 0
  const to = live ? `/coupons/templates/${live.id}?tab=delivery` : draft ? `/coupons/templates/${draft.id}/edit` : '/coupons/templates/new'
  return (
    <Card title={t('first.title')} style={{ marginBottom: 16 }} extra={<LinkButton to={to} type="primary">{t(`first.act.${now}`)}</LinkButton>}>
      <Steps
        size="small"
        current={now}
        items={[0, 1, 2, 3].map((n) => ({ key: n, title: t(`first.step.${n}`), content: t(`first.about.${n}`) }))}
      />
    </Card>
  )
}
