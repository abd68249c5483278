import './words'
import { MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Modal, Progress, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ListPage } from '@/parts/ListPage'
import { useAllMarkets } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { useMoney } from '@/parts/money'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { BudgetForm } from './BudgetForm'

export type Budget = Schemas['BudgetRow']

const counts = ['issue_count', 'redeem_count']

/** The budgets on which templates draw, with what is taken of them. */
export default function Budgets() {
  const { t, i18n } = useTranslation('coupons')
  const may = useMay()
  const money = useMoney()
  const markets = useAllMarkets().data ?? []
  const [editing, setEditing] = useState<Budget | 'new'>()
  const [ending, setEnding] = useState<Budget>()
  const currency = (b: Budget) => markets.find((m) => m.code === b.market)?.currency
  const amount = (b: Budget, what: string, n: number) => {
    const c = currency(b)
    return counts.includes(what) || !c ? n.toLocaleString(i18n.language) : money(n, c)
  }
  const archive = useAct<Budget>({
    run: (b) => ask(api.DELETE('/v1/budgets/{id}', { params: { path: { id: b.id }, header: { 'If-Match': `"${b.rev}"` } } })),
    done: t('bulk.done', { n: 1 }),
    stale: [['budgets']],
    then: () => setEnding(undefined),
  })
  return (
    <ListPage<Budget>
      title={t('budgets.title')}
      name="budgets"
      rowKey="id"
      exportable="/v1/budgets"
      filters={[{ key: 'search', label: t('batches.search') }]}
      page={(query, signal) => ask(api.GET('/v1/budgets', { params: { query: { order: 'newest', ...query } }, signal }))}
      empty={t('budgets.empty')}
      actions={
        may('budget.write') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
            {t('budgets.new')}
          </Button>
        )
      }
      columns={[
        {
          key: 'name',
          title: t('templates.name'),
          render: (_, b) =>
            may('budget.write') && !b.archived_at ? (
              <Button type="link" style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start' }} onClick={() => setEditing(b)}>
                <bdi style={{ overflowWrap: 'anywhere', maxWidth: 280 }}>{b.name}</bdi>
              </Button>
            ) : (
              <bdi>{b.name}</bdi>
            ),
        },
        { key: 'state', title: t('templates.status'), render: (_, b) => <Tag color={b.archived_at ? 'default' : 'green'}>{t(b.archived_at ? 'status.archived' : 'budgets.live')}</Tag> },
        {
          key: 'limits',
          title: t('budgets.limits'),
          render: (_, b) => (
            <div style={{ minWidth: 'min(240px, 40vw)' }}>
              {b.limits.map((l, i) => {
                const spent = b.spent[i]
                const part = l.cap > 0 ? Math.min(100, Math.round(((spent?.taken ?? 0) / l.cap) * 100)) : 100
                return (
                  <div key={i}>
                    <small>
                      {t(`limits.whats.${l.what}`)} · {t(`limits.periods.${l.period}`)} · {t(`limits.pers.${l.per}`)}
                    </small>
                    <div className="numbers" style={{ textAlign: 'start' }}>
                      {spent?.counted ? `${amount(b, l.what, spent.taken)} / ` : ''}
                      {amount(b, l.what, l.cap)}
                    </div>
                    {spent?.counted && <Progress percent={part} size="small" showInfo={false} status={spent.alarm ? 'exception' : 'normal'} aria-label={b.name} />}
                  </div>
                )
              })}
            </div>
          ),
        },
        { key: 'from', title: t('budgets.from'), render: (_, b) => <Moment at={b.from} /> },
        { key: 'to', title: t('budgets.to'), render: (_, b) => <Moment at={b.to} /> },
        { key: 'merchant', title: t('funders.merchant'), dataIndex: 'merchant', hidden: true },
        {
          key: 'acts',
          title: t('page.more'),
          render: (_, b) =>
            may('budget.write') &&
            !b.archived_at && (
              <Dropdown trigger={['click']} menu={{ items: [{ key: 'archive', label: t('bulk.archive'), danger: true }], onClick: () => setEnding(b) }}>
                <Button size="small" icon={<MoreOutlined />} aria-label={t('batches.acts', { name: b.name })} />
              </Dropdown>
            ),
        },
      ]}
    >
      {editing && <BudgetForm budget={editing === 'new' ? undefined : editing} close={() => setEditing(undefined)} />}
      <Modal open={!!ending} title={t('budgets.archiveTitle')} okText={t('bulk.archive')} okButtonProps={{ danger: true, loading: archive.isPending }} onOk={() => ending && archive.mutate(ending)} onCancel={() => setEnding(undefined)}>
        <ProblemAlert error={archive.error} />
        <p>
          <strong>
            <bdi>{ending?.name}</bdi>
          </strong>
        </p>
        <p>{t('budgets.archiveText')}</p>
      </Modal>
    </ListPage>
  )
}
