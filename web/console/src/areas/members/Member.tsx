import './words'
import { EditOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Badge, Button, Descriptions, Flex, Grid, Skeleton, Tabs, Typography } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams, useSearchParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Compensate, NoteForm } from './acts'
import { Find } from './Find'
import { Timeline, useEntries } from './Timeline'
import { useWallet, Wallet } from './Wallet'
import { Why } from './Why'
import { Words } from './Words'

const FactsForm = lazy(() => import('./FactsForm'))
const IdentityForm = lazy(() => import('./IdentityForm'))

/** One member: who it is, what it holds, what happened, and what an agent can do. */
export default function Member() {
  const { id = '' } = useParams()
  const { t } = useTranslation('members')
  const { modal } = App.useApp()
  const may = useMay()
  const [params, setParams] = useSearchParams()
  const [form, setForm] = useState<'note' | 'compensate' | 'why' | 'facts' | 'identity'>()
  const wide = Grid.useBreakpoint().md
  const one = useQuery({ queryKey: ['member', id], queryFn: ({ signal }) => ask(api.GET('/v1/members/{kind}/{value}', { params: { path: { kind: 'id', value: id } }, signal })) })
  const tab = params.get('tab') ?? (params.get('coupon') ? 'coupons' : 'timeline')
  // What is shown below is asked for together with the member.
  useEntries(id, tab === 'timeline')
  useWallet(id, tab === 'coupons' && may('coupon.read'))
  const stale = [['member', id], ['members']]
  const block = useAct<boolean, Schemas['MemberRow']>({
    run: (blocked) => ask(api.PUT('/v1/members/{kind}/{value}/block', { body: { blocked }, params: { path: { kind: 'id', value: id } } })),
    done: (m) => t(m.blocked ? 'member.nowBlocked' : 'member.nowActive'),
    stale,
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 8 }} />
  const m = one.data
  if (!m) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  return (
    <section aria-labelledby="member-title">
      <Find />
      <Flex wrap gap="small" align="center" justify="space-between" style={{ marginBottom: 16 }}>
        <Flex wrap gap="small" align="center">
          <Typography.Title level={1} id="member-title" copyable={{ text: m.id }} style={{ margin: 0, fontSize: 24, overflowWrap: 'anywhere' }}>
            {m.id}
          </Typography.Title>
          <Badge status={m.blocked ? 'error' : 'success'} text={t(m.blocked ? 'member.blocked' : 'member.active')} />
        </Flex>
        <Flex wrap gap="small">
          {may('member.note') && <Button onClick={() => setForm('note')}>{t('note.add')}</Button>}
          <Button onClick={() => setForm('why')}>{t('why.button')}</Button>
          {may('desk.act') && (
            <Button type="primary" onClick={() => setForm('compensate')}>
              {t('compensate.button')}
            </Button>
          )}
          {may('member.write') && (
            <>
              <Button icon={<EditOutlined />} onClick={() => setForm('facts')}>
                {t('facts.title')}
              </Button>
              <Button icon={<PlusOutlined />} onClick={() => setForm('identity')}>
                {t('identity.title')}
              </Button>
            </>
          )}
          {may('member.write') && (
            <Button
              loading={block.isPending}
              onClick={() =>
                modal.confirm({
                  title: t(m.blocked ? 'member.unblockTitle' : 'member.blockTitle'),
                  content: t(m.blocked ? 'member.unblockText' : 'member.blockText'),
                  okText: t(m.blocked ? 'member.unblock' : 'member.block'),
                  okButtonProps: { danger: !m.blocked },
                  onOk: () => block.mutateAsync(!m.blocked).catch(() => {}),
                })
              }
            >
              {t(m.blocked ? 'member.unblock' : 'member.block')}
            </Button>
          )}
        </Flex>
      </Flex>
      <ProblemAlert error={block.error} />
      <Descriptions
        column={wide ? 2 : 1}
        size="small"
        styles={{ label: { color: 'var(--ant-color-text-secondary)' } }}
        items={[
          { key: 'identities', label: t('member.identities'), children: <Words of={(m.identities ?? []).map((i) => t(`kind.${i.kind}`, i.kind))} /> },
          { key: 'tags', label: t('list.tags'), children: <Words of={m.tags ?? []} /> },
          { key: 'created', label: t('list.created'), children: <Moment at={m.created_at} /> },
          ...Object.entries(m.attributes ?? {}).map(([k, v]) => ({ key: `a.${k}`, label: t(`attribute.${k}`, k), children: <span style={{ overflowWrap: 'anywhere' }}>{v || '–'}</span> })),
        ]}
      />
      <Tabs
        activeKey={tab}
        destroyOnHidden
        onChange={(key) =>
          setParams(
            (now) => {
              now.set('tab', key)
              now.delete('coupon')
              return now
            },
            { replace: true },
          )
        }
        items={[
          { key: 'timeline', label: t('timeline.title'), children: <Timeline member={m.id} /> },
          ...(may('coupon.read') ? [{ key: 'coupons', label: t('wallet.title'), children: <Wallet member={m.id} marked={params.get('coupon') ?? undefined} /> }] : []),
        ]}
      />
      {form === 'note' && <NoteForm member={m.id} close={() => setForm(undefined)} />}
      {form === 'compensate' && <Compensate member={m.id} close={() => setForm(undefined)} />}
      {(form === 'facts' || form === 'identity') && (
        <Suspense fallback={null}>{form === 'facts' ? <FactsForm of={m} close={() => setForm(undefined)} /> : <IdentityForm member={m.id} close={() => setForm(undefined)} />}</Suspense>
      )}
      {form === 'why' && <Why member={m.id} close={() => setForm(undefined)} />}
    </section>
  )
}
