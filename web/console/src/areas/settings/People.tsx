import './words'
import { LockOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Divider, Flex, Form, Input, Modal, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { useDrawer } from './drawer'
import { limited, listQuery, ScopeFields, useArchivedFilter, useRequired } from './fields'
import { Permissions, usePermissions } from './permissions'
import { RowDrawer } from './RowDrawer'
import { ScopeText } from './ScopeText'

type Row = Schemas['PersonRow']
type Values = Schemas['PersonBody'] & { login?: string; password?: string }

/** Who may sign in, as what, and limited to what. */
export default function People() {
  const { t } = useTranslation('settings')
  const may = useMay()('person.write')
  const drawer = useDrawer()
  const required = useRequired()
  const [reset, setReset] = useState<{ row: Row; etag: string }>()
  return (
    <>
      <ListPage<Row>
        title={t('people.title')}
        name="people"
        rowKey="id"
        exportable="/v1/people"
        filters={[{ key: 'search', label: t('shell:list.search') }, useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/people', { params: { query: listQuery(query) }, signal }))}
        empty={t('people.empty')}
        open={(r) => drawer.open(r.id)}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
              {t('people.new')}
            </Button>
          )
        }
        columns={[
          { key: 'name', title: t('people.name'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.id)}>{r.name}</Button> },
          { key: 'login', title: t('people.login'), dataIndex: 'login' },
          {
            key: 'roles',
            title: t('people.roles'),
            render: (_, r) => (
              <>
                {r.roles.map((x) => (
                  <Tag key={x} color="blue">
                    {t(`role.${x}.name`)}
                  </Tag>
                ))}
                {r.archived_at && <Tag>{t('isArchivedShort')}</Tag>}
                {r.initial && <Tag color="orange">{t('people.initial')}</Tag>}
              </>
            ),
          },
          { key: 'scope', title: t('scope.title'), render: (_, r) => <ScopeText scope={r.scope} /> },
          { key: 'factor', title: t('people.factor'), render: (_, r) => (r.factor ? <Tag color="green">{t('yes')}</Tag> : <Tag>{t('no')}</Tag>) },
          { key: 'updated', title: t('updated'), hidden: true, render: (_, r) => <Moment at={r.updated_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="people"
          id={drawer.id}
          title={drawer.id ? t('people.edit') : t('people.new')}
          may={may}
          close={drawer.close}
          initial={{ roles: [] }}
          read={(id, signal) => got(api.GET('/v1/people/{id}', { params: { path: { id } }, signal }))}
          values={({ login, name, roles, scope }) => ({ login, name, roles, scope })}
          write={({ values: { login, password, name, roles, scope }, etag, key }) => {
            const limits = limited(scope)
            const body = { name, roles, ...(limits ? { scope: limits } : {}) }
            return etag
              ? ask(api.PUT('/v1/people/{id}', { params: { path: { id: drawer.id ?? '' }, header: { 'If-Match': etag } }, body }))
              : ask(api.POST('/v1/people', { params: { header: { 'Idempotency-Key': key } }, body: { ...body, login: login ?? '', password: password ?? '' } }))
          }}
          archive={{
            run: (etag) => ask(api.DELETE('/v1/people/{id}', { params: { path: { id: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            text: t('people.archive'),
          }}
          more={(row, etag) => (
            <Button icon={<LockOutlined />} onClick={() => setReset({ row, etag })}>
              {t('people.reset')}
            </Button>
          )}
        >
          {(row) => (
            <>
              <Form.Item name="name" label={t('people.name')} rules={required}>
                <Input maxLength={200} autoComplete="off" />
              </Form.Item>
              <Form.Item name="login" label={t('people.login')} extra={row ? undefined : t('people.loginHelp')} rules={required}>
                <Input maxLength={128} disabled={!!row} autoComplete="off" />
              </Form.Item>
              {!row && (
                <Form.Item name="password" label={t('people.password')} extra={t('people.passwordHelp')} rules={[{ required: true, min: 10, message: t('shell:setup.passwordHelp') }]}>
                  <Input.Password maxLength={200} autoComplete="new-password" />
                </Form.Item>
              )}
              <Form.Item name="roles" label={t('people.roles')} rules={[{ required: true, type: 'array', min: 1, message: t('shell:required') }]}>
                <Roles />
              </Form.Item>
              <Divider titlePlacement="start">{t('scope.title')}</Divider>
              <p className="quiet">{t('people.scopeHelp')}</p>
              <ScopeFields />
            </>
          )}
        </RowDrawer>
      )}
      {reset && <Reset {...reset} close={() => setReset(undefined)} done={drawer.close} />}
    </>
  )
}

/** Roles chooses roles, each with what it may do. */
function Roles({ value = [], onChange }: { id?: string; value?: Schemas['PersonBody']['roles']; onChange?: (v: Schemas['PersonBody']['roles']) => void }) {
  const { t } = useTranslation('settings')
  const all = usePermissions()
  const [opened, setOpened] = useState<string>()
  return (
    <Flex vertical gap={4} role="group" aria-label={t('people.roles')}>
      {all?.roles.map((r) => {
        const role = r.role as Schemas['PersonBody']['roles'][number]
        return (
          <div key={role}>
            <Flex align="center" justify="space-between" gap="small">
              <Checkbox checked={value.includes(role)} onChange={(e) => onChange?.(e.target.checked ? [...value, role] : value.filter((x) => x !== role))}>
                <strong>{t(`role.${role}.name`)}</strong> <span className="quiet">{t(`role.${role}.text`)}</span>
              </Checkbox>
              <Button type="link" size="small" aria-expanded={opened === role} aria-label={`${t('people.mayDo')}: ${t(`role.${role}.name`)}`} onClick={() => setOpened(opened === role ? undefined : role)}>
                {t('people.mayDo')}
              </Button>
            </Flex>
            {opened === role && <Permissions of={r.permissions} />}
          </div>
        )
      })}
    </Flex>
  )
}

/** Reset gives somebody a first password again, which ends their sessions. */
function Reset({ row, etag, close, done }: { row: Row; etag: string; close: () => void; done: () => void }) {
  const { t } = useTranslation('settings')
  const [form] = Form.useForm<Schemas['ResetPersonBody']>()
  const act = useAct<Schemas['ResetPersonBody']>({
    run: (body) => ask(api.PUT('/v1/people/{id}/password', { params: { path: { id: row.id }, header: { 'If-Match': etag } }, body })),
    done: t('people.resetDone'),
    stale: [['people']],
    then: () => {
      close()
      done()
    },
  })
  useEffect(() => applyProblem(form, act.error), [form, act.error])
  return (
    <Modal open title={t('people.resetOf', { name: row.name })} onCancel={close} onOk={() => form.submit()} okText={t('people.reset')} cancelText={t('shell:cancel')} confirmLoading={act.isPending}>
      <p>{t('people.resetText')}</p>
      <ProblemAlert error={act.error} />
      <Form name="reset" form={form} layout="vertical" requiredMark={false} initialValues={{ factor: false }} onFinish={(v) => act.mutate({ password: v.password, ...(v.factor ? { factor: true } : {}) })}>
        <Form.Item name="password" label={t('people.password')} extra={t('people.passwordHelp')} rules={[{ required: true, min: 10, message: t('shell:setup.passwordHelp') }]}>
          <Input.Password maxLength={200} autoComplete="new-password" />
        </Form.Item>
        {row.factor && (
          <Form.Item name="factor" valuePropName="checked">
            <Checkbox>{t('people.resetFactor')}</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  )
}
