import { Alert, Button, Collapse, Flex, Progress, Skeleton, Tag, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { inLanguage } from '@/parts/texts'
import { Problem } from '@/api/client'
import { language } from '@/i18n'
import { CartTest } from './CartTest'
import { refusalsOf, type Check, type Refusal } from './checking'
import { useEditing } from './editing'
import { TicketCard } from './TicketCard'

interface Props {
  check?: Check
  error: unknown
  pending: boolean
  refusals: Refusal[]
  go: (pointer: string) => void
  /** Revision up to which all is saved: what prices a cart prices that. */
  saved: string
}

const colours = { easy: 'green', fair: 'orange', hard: 'red' } as const

/** Side shows beside the fields what the coupon would do, and what is wrong with it. */
export function Side({ check, error, pending, refusals, go, saved }: Props) {
  const { t } = useTranslation('coupons')
  const { body } = useEditing()
  const broken = error && !(error instanceof Problem && refusalsOf(error).length > 0)
  if (pending && !check) return <Skeleton active />
  const validity = check?.sentences.filter((s) => s.rule.startsWith('/terms/validity')).map((s) => s.text) ?? []
  return (
    <Flex vertical gap="middle">
      <TicketCard name={inLanguage(body.customer_name, language())} card={check?.card ?? ''} lines={validity.slice(0, 1)} missing={!check} />
      {broken ? <ProblemAlert error={error} /> : null}
      {refusals.length > 0 && (
        <Alert
          type="info"
          title={t('side.refusals', { count: refusals.length })}
          description={
            <ul style={{ margin: 0, paddingInlineStart: 18 }}>
              {refusals.slice(0, 12).map((r, i) => (
                <li key={i}>
                  <Where pointer={r.pointer ?? ''} text={r.detail} go={go} />
                </li>
              ))}
            </ul>
          }
        />
      )}
      {(check?.findings ?? []).map((f, i) => (
        <Alert
          key={i}
          type={f.kind === 'contradiction' ? 'error' : 'warning'}
          showIcon
          title={t(`findings.${f.kind}`)}
          description={
            <>
              <div>{f.text}</div>
              <Flex gap="small" wrap>
                {f.a && (
                  <Button size="small" type="link" style={{ padding: 0 }} onClick={() => go(`/draft${f.a}`)}>
                    {t('findings.a')}
                  </Button>
                )}
                <Button size="small" type="link" style={{ padding: 0 }} onClick={() => go(`/draft${f.b}`)}>
                  {t('findings.b')}
                </Button>
              </Flex>
            </>
          }
        />
      ))}
      {check && (
        <Collapse
          size="small"
          defaultActiveKey={['sentences']}
          items={[
            {
              key: 'sentences',
              label: t('side.sentences'),
              children: (
                <ul style={{ margin: 0, paddingInlineStart: 18 }}>
                  {check.sentences.map((s, i) => (
                    <li key={i}>
                      <Where pointer={`/draft${s.rule}`} text={s.text} go={go} />
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              key: 'complexity',
              label: (
                <Flex gap="small" align="center">
                  {t('side.complexity')} <Tag color={colours[check.complexity.level]}>{t(`complexity.${check.complexity.level}`)}</Tag>
                </Flex>
              ),
              children: (
                <>
                  <Progress percent={Math.min(check.complexity.score * 10, 100)} showInfo={false} status={check.complexity.level === 'hard' ? 'exception' : 'normal'} aria-label={t('side.complexity')} />
                  <Typography.Text className="quiet">{t('side.points', { n: check.complexity.score })}</Typography.Text>
                  {(check.complexity.warnings ?? []).map((w, i) => (
                    <div key={i}>{w}</div>
                  ))}
                </>
              ),
            },
            { key: 'cart', label: t('side.cart'), children: <CartTest saved={saved} /> },
          ]}
        />
      )}
    </Flex>
  )
}

/** Where is a text that leads to the field it is about. */
export function Where({ pointer, text, go }: { pointer: string; text: string; go: (pointer: string) => void }) {
  return (
    <button type="button" className="where" onClick={() => go(pointer)} style={{ all: 'unset', cursor: 'pointer', verticalAlign: 'top', outlineOffset: 2, textDecoration: 'underline dotted', overflowWrap: 'anywhere' }}>
      {text}
    </button>
  )
}
