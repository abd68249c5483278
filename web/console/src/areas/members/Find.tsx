import { Alert, Flex, Input, List, Tag } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'

type Hit = Schemas['HitRow']

/** where is the page of what was found; a guest's order has none. */
const where = (h: Hit) => `/members/list/${h.member}${h.coupon ? `?coupon=${h.coupon}` : h.order ? `?parts=order` : ''}`

/** Find asks whom a caller means: one answer opens the member, several are chosen from. What is typed stands in no address. */
export function Find({ first }: { first?: boolean }) {
  const { t } = useTranslation('members')
  const go = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const find = useAct<string, { items: Hit[] }>({
    run: (said) => ask(api.POST('/v1/members/find', { body: { text: said } })),
    then: ({ items }) => {
      const one = items[0]
      if (items.length === 1 && one?.member) void go(where(one))
    },
  })
  useEffect(() => {
    if (first) box.current?.querySelector('input')?.focus()
  }, [first])
  const hits = find.data?.items
  return (
    <Flex vertical gap="small" style={{ marginBottom: 16 }} ref={box}>
      <Input.Search
        size="large"
        allowClear
        enterButton={t('find.button')}
        aria-label={t('find.label')}
        placeholder={t('find.hint')}
        value={text}
        maxLength={300}
        autoComplete="off"
        loading={find.isPending}
        onChange={(e) => {
          setText(e.target.value)
          find.reset()
        }}
        onSearch={(said) => said.trim() && find.mutate(said.trim())}
        style={{ maxWidth: 720 }}
      />
      <ProblemAlert error={find.error} />
      {hits?.length === 0 && <Alert type="info" showIcon title={t('find.nobody')} description={t('find.nobodyHint')} style={{ maxWidth: 720 }} />}
      {hits && hits.length > 0 && (hits.length > 1 || !hits[0]?.member) && (
        <List
          bordered
          size="small"
          style={{ maxWidth: 720 }}
          dataSource={hits}
          renderItem={(h) => (
            <List.Item>
              <Flex gap="small" align="center" wrap>
                <Tag>{h.kind ? t(`kind.${h.kind}`, h.kind) : t(`find.by.${h.by}`)}</Tag>
                {h.member ? <Link to={where(h)}>{h.member}</Link> : <span>{t('find.guest', { order: h.order })}</span>}
              </Flex>
            </List.Item>
          )}
        />
      )}
    </Flex>
  )
}
