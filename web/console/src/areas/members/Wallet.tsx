import { Badge, Button, Empty, Flex, Skeleton, Table } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { usePages } from '@/api/hooks'
import { Called } from '@/parts/Called'
import { ExportButton } from '@/parts/ExportButton'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Extend, NoteForm, Reissue } from './acts'

export type Coupon = Schemas['CouponRow']

const colours: Record<Coupon['state'], 'success' | 'processing' | 'default' | 'error'> = { usable: 'success', locked: 'processing', used: 'default', expired: 'error', withdrawn: 'error' }

/** useWallet reads the coupons of a member. */
export function useWallet(member: string, enabled = true) {
  return usePages<Coupon>(
    ['member', member, 'coupons'],
    (cursor, signal) => ask(api.GET('/v1/members/{kind}/{value}/coupons', { params: { path: { kind: 'id', value: member }, query: { limit: 50, ...(cursor ? { cursor } : {}) } }, signal })),
    enabled,
  )
}

/** Wallet is what a member holds and held, with what an agent can do to each coupon. */
export function Wallet({ member, marked }: { member: string; marked?: string }) {
  const { t } = useTranslation('members')
  const may = useMay()
  const [act, setAct] = useState<{ kind: 'extend' | 'reissue' | 'note'; coupon: Coupon }>()
  const list = useWallet(member)
  const rows = useMemo(() => {
    const all = list.data?.pages.flatMap((p) => p.items) ?? []
    return marked ? [...all].sort((a, b) => Number(b.id === marked) - Number(a.id === marked)) : all
  }, [list.data, marked])
  if (list.isPending) return <Skeleton active paragraph={{ rows: 6 }} />
  const close = () => setAct(undefined)
  return (
    <>
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      <Flex justify="end" style={{ marginBottom: 8 }}>
        <ExportButton size="small" list={`/v1/members/id/${member}/coupons`} />
      </Flex>
      <Table<Coupon>
        size="middle"
        rowKey="id"
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('wallet.empty')} /> }}
        onRow={(c) => (c.id === marked ? { 'aria-current': true, style: { background: 'var(--ant-color-info-bg)' } } : {})}
        columns={[
          { key: 'number', title: t('wallet.number'), dataIndex: 'number' },
          { key: 'template', title: t('wallet.template'), render: (_, c) => <Called kind="templates" id={c.template} /> },
          { key: 'state', title: t('wallet.state'), render: (_, c) => <Badge status={colours[c.state]} text={t(`coupon.${c.state}`)} /> },
          { key: 'to', title: t('wallet.until'), render: (_, c) => (c.valid_to ? <Moment at={c.valid_to} /> : t('wallet.forever')) },
          { key: 'issued', title: t('wallet.issued'), render: (_, c) => <Moment at={c.issued_at} /> },
          { key: 'form', title: t('wallet.form'), render: (_, c) => t(`form.${c.form}`, c.form) },
          {
            key: 'acts',
            title: t('wallet.acts'),
            render: (_, c) => (
              <Flex gap={4}>
                {may('desk.act') && (c.state === 'usable' || c.state === 'locked') && c.valid_to && (
                  <Button size="small" onClick={() => setAct({ kind: 'extend', coupon: c })}>
                    {t('extend.button')}
                  </Button>
                )}
                {may('desk.act') && (c.state === 'expired' || c.state === 'withdrawn') && c.used === 0 && (
                  <Button size="small" onClick={() => setAct({ kind: 'reissue', coupon: c })}>
                    {t('reissue.button')}
                  </Button>
                )}
                {may('member.note') && (
                  <Button size="small" type="text" onClick={() => setAct({ kind: 'note', coupon: c })}>
                    {t('note.short')}
                  </Button>
                )}
              </Flex>
            ),
          },
        ]}
      />
      {list.hasNextPage && (
        <Flex justify="center" style={{ padding: 16 }}>
          <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('shell:list.more')}
          </Button>
        </Flex>
      )}
      {act?.kind === 'extend' && <Extend member={member} coupon={act.coupon} close={close} />}
      {act?.kind === 'reissue' && <Reissue member={member} coupon={act.coupon} close={close} />}
      {act?.kind === 'note' && <NoteForm member={member} coupon={act.coupon} close={close} />}
    </>
  )
}
