import './words'
import { App, Alert, Button, Card, Flex, Form, Input, Modal, QRCode, Result, Table, Tag, Typography } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { Moment } from '@/parts/Moment'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { accountKey, useWho } from '@/session'
import { useRequired } from './fields'
import { Permissions } from './permissions'
import { ScopeText } from './ScopeText'
import { Secret } from './Secret'

/** The own account: who one is, password, second factor, sessions. */
export default function Account() {
  const { t } = useTranslation('settings')
  const who = useWho()
  const account = useQuery({ queryKey: ['account', 'sessions'], queryFn: ({ signal }) => ask(api.GET('/v1/account', { signal })) })
  const row = account.data
  return (
    <section aria-labelledby="account-title" style={{ maxWidth: 880 }}>
      <Typography.Title level={1} id="account-title" style={{ fontSize: 24, marginTop: 0 }}>
        {t('account.title')}
      </Typography.Title>
      <ProblemAlert error={account.error} again={() => void account.refetch()} />
      <Flex vertical gap="middle">
        <Card title={<H>{who.name}</H>} extra={<code>{who.login}</code>} loading={!row}>
          <Flex vertical gap="small">
            <div>
              {who.roles.map((r) => (
                <Tag key={r} color="blue">
                  {t(`role.${r}.name`)}
                </Tag>
              ))}
              <ScopeText scope={who.scope} />
            </div>
            <Permissions of={who.permissions} />
          </Flex>
        </Card>
        <Password />
        <Factor row={row} />
        <Sessions rows={row?.sessions} />
      </Flex>
    </section>
  )
}

function H({ children }: { children: React.ReactNode }) {
  return <h2 style={{ margin: 0, fontSize: 16 }}>{children}</h2>
}

function Password() {
  const { t } = useTranslation('settings')
  const required = useRequired()
  const [form] = Form.useForm<Schemas['PasswordBody'] & { again: string }>()
  const act = useAct<Schemas['PasswordBody']>({
    run: (body) => ask(api.POST('/v1/account/password', { body })),
    done: t('account.passwordDone'),
    stale: [['account']],
    then: () => form.resetFields(),
  })
  useEffect(() => applyProblem(form, act.error), [form, act.error])
  return (
    <Card title={<H>{t('account.password')}</H>}>
      <p className="quiet">{t('account.passwordText')}</p>
      <Form name="own-password" form={form} layout="vertical" requiredMark={false} style={{ maxWidth: 400 }} onFinish={({ old, password }) => act.mutate({ old, password })}>
        <Form.Item name="old" label={t('account.old')} rules={required}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item name="password" label={t('account.new')} extra={t('shell:setup.passwordHelp')} rules={[{ required: true, min: 10, message: t('shell:setup.passwordHelp') }]}>
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('account.again')}
          dependencies={['password']}
          rules={[{ required: true, validator: (_, v) => (v === form.getFieldValue('password') ? Promise.resolve() : Promise.reject(new Error(t('account.differs')))) }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <ProblemAlert error={act.error} />
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          {t('account.change')}
        </Button>
      </Form>
    </Card>
  )
}

/** Factor sets a second factor up, in three steps: prove who one is, scan, confirm; then the recovery codes, once. */
function Factor({ row }: { row?: Schemas['AccountRow'] }) {
  const { t } = useTranslation('settings')
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'begin' | 'end'>()
  const [begun, setBegun] = useState<Schemas['FactorAnswerBody']>()
  const [codes, setCodes] = useState<string[]>()
  const done = () => Promise.all([queries.invalidateQueries({ queryKey: ['account', 'sessions'] }), queries.invalidateQueries({ queryKey: accountKey })])
  return (
    <Card title={<H>{t('factor.title')}</H>} extra={row && (row.factor ? <Tag color="green">{t('factor.on')}</Tag> : <Tag>{t('factor.off')}</Tag>)} loading={!row}>
      <p className="quiet">{t('factor.why')}</p>
      {row?.factor && <p>{t('factor.left', { count: row.recovery_codes })}</p>}
      <Flex gap="small" wrap>
        <Button type={row?.factor ? 'default' : 'primary'} onClick={() => setAsking('begin')}>
          {t(row?.factor ? 'factor.anew' : 'factor.begin')}
        </Button>
        {row?.factor && (
          <Button danger onClick={() => setAsking('end')}>
            {t('factor.end')}
          </Button>
        )}
      </Flex>
      {asking && (
        <Proof
          what={asking}
          close={() => setAsking(undefined)}
          begun={(b) => {
            setAsking(undefined)
            setBegun(b)
          }}
          ended={() => {
            setAsking(undefined)
            void done()
          }}
        />
      )}
      {begun && (
        <Confirm
          of={begun}
          close={() => setBegun(undefined)}
          confirmed={(c) => {
            setBegun(undefined)
            setCodes(c)
            void done()
          }}
        />
      )}
      {codes && <Recovery codes={codes} close={() => setCodes(undefined)} />}
    </Card>
  )
}

function Proof({ what, close, begun, ended }: { what: 'begin' | 'end'; close: () => void; begun: (b: Schemas['FactorAnswerBody']) => void; ended: () => void }) {
  const { t } = useTranslation('settings')
  const required = useRequired()
  const [form] = Form.useForm<Schemas['ProvedBody']>()
  const act = useAct<Schemas['ProvedBody']>({
    run: async (body) => {
      if (what === 'begin') begun(await ask(api.POST('/v1/account/factor', { body })))
      else {
        await ask(api.POST('/v1/account/factor/end', { body }))
        ended()
      }
    },
    done: what === 'end' ? t('factor.ended') : undefined,
  })
  return (
    <Modal open title={t(what === 'begin' ? 'factor.begin' : 'factor.end')} onCancel={close} onOk={() => form.submit()} okText={t('factor.next')} cancelText={t('shell:cancel')} confirmLoading={act.isPending}>
      {what === 'end' && <p>{t('factor.endText')}</p>}
      <ProblemAlert error={act.error} />
      <Form name="proof" form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
        <Form.Item name="password" label={t('account.old')} rules={required}>
          <Input.Password autoFocus autoComplete="current-password" maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function Confirm({ of, close, confirmed }: { of: Schemas['FactorAnswerBody']; close: () => void; confirmed: (codes: string[]) => void }) {
  const { t } = useTranslation('settings')
  const required = useRequired()
  const [form] = Form.useForm<Schemas['CodeBody']>()
  const act = useAct<Schemas['CodeBody']>({ run: async (body) => confirmed((await ask(api.POST('/v1/account/factor/confirm', { body }))).codes) })
  useEffect(() => applyProblem(form, act.error), [form, act.error])
  return (
    <Modal open title={t('factor.scan')} onCancel={close} onOk={() => form.submit()} okText={t('factor.confirm')} cancelText={t('shell:cancel')} confirmLoading={act.isPending} mask={{ closable: false }}>
      <Flex vertical gap="middle">
        <span>{t('factor.scanText')}</span>
        <Flex justify="center">
          <div role="img" aria-label={t('factor.qr')}>
            <QRCode value={of.address} type="svg" size={200} errorLevel="M" color="#000000" bgColor="#ffffff" />
          </div>
        </Flex>
        <div>
          <div className="quiet">{t('factor.byHand')}</div>
          <Secret text={of.secret} label={t('factor.secret')} />
        </div>
        <ProblemAlert error={act.error} />
        <Form name="factor" form={form} layout="vertical" requiredMark={false} onFinish={(v) => act.mutate(v)}>
          <Form.Item name="code" label={t('factor.code')} rules={required}>
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} style={{ width: 160 }} />
          </Form.Item>
        </Form>
      </Flex>
    </Modal>
  )
}

/** Recovery shows the recovery codes, this once. */
function Recovery({ codes, close }: { codes: string[]; close: () => void }) {
  const { t } = useTranslation('settings')
  const who = useWho()
  const save = () => {
    const a = document.createElement('a')
    a.href = URL.createObjectURL(new Blob([`${window.location.host} ${who.login}\r\n${codes.join('\r\n')}\r\n`], { type: 'text/plain' }))
    a.download = 'quan-recovery-codes.txt'
    a.click()
    URL.revokeObjectURL(a.href)
  }
  return (
    <Modal
      open
      title={t('factor.codes')}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={
        <Flex gap="small" justify="end" wrap>
          <Button onClick={save}>{t('factor.download')}</Button>
          <Button type="primary" onClick={close}>
            {t('factor.kept')}
          </Button>
        </Flex>
      }
    >
      <Flex vertical gap="middle">
        <Alert type="warning" showIcon title={t('factor.once')} />
        <Secret text={codes.join('\n')} label={t('factor.codes')} />
      </Flex>
    </Modal>
  )
}

/** browser is what a session's browser most likely is, in short. */
function browser(agent?: string): string {
  if (!agent) return '–'
  const name = /Edg\//.test(agent) ? 'Edge' : /MicroMessenger/.test(agent) ? 'WeChat' : /Firefox\//.test(agent) ? 'Firefox' : /Chrom(e|ium)\//.test(agent) ? 'Chrome' : /Safari\//.test(agent) ? 'Safari' : agent.slice(0, 40)
  const system = /Windows/.test(agent) ? 'Windows' : /iPhone|iPad/.test(agent) ? 'iOS' : /Android/.test(agent) ? 'Android' : /Mac OS/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : ''
  return [name, system].filter((x) => x).join(' · ')
}

function Sessions({ rows }: { rows?: Schemas['SessionRow'][] }) {
  const { t } = useTranslation('settings')
  const { modal } = App.useApp()
  const end = useAct<string>({ run: (id) => ask(api.POST('/v1/account/sessions/{id}/end', { params: { path: { id } } })), done: t('sessions.ended'), stale: [['account', 'sessions']] })
  return (
    <Card title={<H>{t('sessions.title')}</H>} loading={!rows}>
      <ProblemAlert error={end.error} />
      <Table<Schemas['SessionRow']>
        size="small"
        rowKey="id"
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Result status="info" /> }}
        columns={[
          { key: 'agent', title: t('sessions.browser'), render: (_, s) => <span title={s.agent}>{browser(s.agent)} {s.current && <Tag color="green">{t('sessions.this')}</Tag>}</span> },
          { key: 'address', title: t('sessions.address'), dataIndex: 'address' },
          { key: 'begun', title: t('sessions.begun'), render: (_, s) => <Moment at={s.created_at} /> },
          { key: 'seen', title: t('sessions.seen'), render: (_, s) => <Moment at={s.seen_at} /> },
          {
            key: 'end',
            title: '',
            render: (_, s) =>
              !s.current && (
                <Button size="small" danger loading={end.isPending && end.variables === s.id} onClick={() => modal.confirm({ title: t('sessions.end'), content: t('sessions.endText'), okText: t('sessions.end'), cancelText: t('shell:cancel'), onOk: () => end.mutate(s.id) })}>
                  {t('sessions.end')}
                </Button>
              ),
          },
        ]}
      />
    </Card>
  )
}
