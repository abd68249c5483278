import { Alert, Button, Empty, Flex, Select, Skeleton, Tag, Timeline as Line } from 'antd'
import { useMemo } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { usePages } from '@/api/hooks'
import { Actor } from '@/parts/Actor'
import { Called } from '@/parts/Called'
import { ExportButton } from '@/parts/ExportButton'
import { useMoney } from '@/parts/money'
import { useMarket } from '@/parts/market'
import { Moment } from '@/parts/Moment'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useWho } from '@/session'

type Entry = Schemas['EntryRow']

const parts = ['coupon', 'order', 'note', 'refused', 'desk', 'member'] as const
const colours: Record<Entry['part'], string> = { coupon: 'blue', order: 'green', note: 'gray', refused: 'red', desk: 'purple', member: 'gray' }

/** useEntries reads what happened to a member, narrowed to what stands in the address. */
export function useEntries(member: string, enabled = true) {
  const [params] = useSearchParams()
  const chosen = (params.get('parts') ?? '').split(',').filter((p) => (parts as readonly string[]).includes(p))
  const query = chosen.join(',')
  const list = usePages<Entry>(
    ['member', member, 'timeline', query],
    (cursor, signal) =>
      ask(api.GET('/v1/members/{kind}/{value}/timeline', { params: { path: { kind: 'id', value: member }, query: { limit: 30, ...(query ? { parts: query } : {}), ...(cursor ? { cursor } : {}) } }, signal })),
    enabled,
  )
  return { list, chosen }
}

/** Timeline is everything that happened to a member, newest first; what is shown stands in the address. */
export function Timeline({ member }: { member: string }) {
  const { t } = useTranslation('members')
  const [, setParams] = useSearchParams()
  const { list, chosen } = useEntries(member)
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data])
  const cut = (list.data?.pages as { cut?: boolean }[] | undefined)?.some((p) => p.cut)
  return (
    <Flex vertical gap="middle">
      <Flex gap="small" justify="space-between">
        <Select
          mode="multiple"
          allowClear
          aria-label={t('timeline.parts')}
          placeholder={t('timeline.parts')}
          value={chosen}
          options={parts.map((value) => ({ value, label: t(`part.${value}`) }))}
          onChange={(v) =>
            setParams(
              (now) => {
                if (v.length > 0) now.set('parts', v.join(','))
                else now.delete('parts')
                return now
              },
              { replace: true },
            )
          }
          style={{ maxWidth: 480, flex: 1 }}
        />
        <ExportButton list={`/v1/members/id/${member}/timeline`} query={chosen.length > 0 ? { parts: chosen.join(',') } : {}} />
      </Flex>
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      {cut && <Alert type="info" showIcon title={t('timeline.cut')} />}
      {list.isPending ? (
        <Skeleton active paragraph={{ rows: 6 }} />
      ) : rows.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('timeline.empty')} />
      ) : (
        <Line items={rows.map((e, i) => ({ key: i, color: colours[e.part], content: <One e={e} /> }))} />
      )}
      {list.hasNextPage && (
        <Flex justify="center">
          <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('shell:list.more')}
          </Button>
        </Flex>
      )}
    </Flex>
  )
}

/** One is a line of it: when, what, about what, by whom. */
function One({ e }: { e: Entry }) {
  const { t } = useTranslation('members')
  const me = useWho()
  const key = e.type.replace(/\.v\d+$/, '').replaceAll('.', '_')
  const blocked = e.type.startsWith('member.updated') && typeof e.facts?.blocked === 'boolean' ? (e.facts.blocked ? 'member_blocked' : 'member_unblocked') : key
  return (
    <Flex vertical gap={2}>
      <Flex wrap gap="small" align="baseline">
        <strong>{e.part === 'refused' ? t('type.refused') : t(`type.${blocked}`, e.type)}</strong>
        <small className="quiet">
          <Moment at={e.at} seconds />
        </small>
        {(e.count ?? 0) > 1 && <Tag>{t('timeline.times', { count: e.count })}</Tag>}
      </Flex>
      {(e.coupon || (e.template && e.part === 'refused')) && (
        <span style={{ overflowWrap: 'anywhere' }}>
          <Called kind="templates" id={e.template} />
          {e.coupon && (
            <>
              {' · '}
              <Link to={`?tab=coupons&coupon=${e.coupon.id}`} style={{ textDecoration: 'underline' }}>{e.coupon.number}</Link> <small className="quiet">{t(`coupon.${e.coupon.state}`)}</small>
            </>
          )}
        </span>
      )}
      {e.order && <OrderLine o={e.order} />}
      {e.text && <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{e.text}</span>}
      {e.part === 'desk' && typeof e.facts?.to === 'string' && (
        <small>
          {t('timeline.until')} <Moment at={e.facts.to} />
        </small>
      )}
      {e.actor && (
        <small className="quiet">
          {e.actor === me.id ? (
            t('timeline.you')
          ) : e.actor.startsWith('system:') ? (
            t('timeline.system')
          ) : (
            <Trans t={t} i18nKey="timeline.by" components={{ who: <Actor id={e.actor} /> }} />
          )}
        </small>
      )}
    </Flex>
  )
}

function OrderLine({ o }: { o: NonNullable<Entry['order']> }) {
  const { t } = useTranslation('members')
  const money = useMoney()
  const market = useMarket(o.currency ? undefined : o.market)
  const currency = o.currency ?? market?.currency
  const amount = (minor: number) => (currency ? money(minor, currency) : '…')
  return (
    <span>
      {o.source} {o.ref} · {t('timeline.paid', { amount: amount(o.paid_minor) })}
      {o.discount_minor > 0 && <> · {t('timeline.discount', { amount: amount(o.discount_minor) })}</>}
      {o.refunded_minor > 0 && <> · {t('timeline.refunded', { amount: amount(o.refunded_minor) })}</>}
    </span>
  )
}
