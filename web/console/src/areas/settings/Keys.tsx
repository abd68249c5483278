import './words'
import { PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Divider, Flex, Form, Input, Modal, Radio, Tag } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, got, type Schemas } from '@/api/client'
import { ListPage } from '@/parts/ListPage'
import { Moment } from '@/parts/Moment'
import { useMay, useWho } from '@/session'
import { useDrawer } from './drawer'
import { limited, listQuery, ScopeFields, useArchivedFilter, useRequired } from './fields'
import { usePermissionName, usePermissions } from './permissions'
import { RowDrawer } from './RowDrawer'
import { ScopeText } from './ScopeText'
import { Secret } from './Secret'

type Row = Schemas['KeyRow']
type Values = Schemas['CreateKeyBody']

/** The keys with which programs ask the API. */
export default function Keys() {
  const { t } = useTranslation('settings')
  const may = useMay()('key.write')
  const drawer = useDrawer()
  const required = useRequired()
  const [made, setMade] = useState<Row>()
  return (
    <>
      <ListPage<Row>
        title={t('keys.title')}
        name="keys"
        rowKey="id"
        exportable="/v1/keys"
        filters={[{ key: 'search', label: t('shell:list.search') }, useArchivedFilter()]}
        page={(query, signal) => ask(api.GET('/v1/keys', { params: { query: listQuery(query) }, signal }))}
        empty={t('keys.empty')}
        open={(r) => drawer.open(r.id)}
        actions={
          may && (
            <Button type="primary" icon={<PlusOutlined />} onClick={drawer.make}>
              {t('keys.new')}
            </Button>
          )
        }
        columns={[
          { key: 'name', title: t('keys.name'), render: (_, r) => <Button type="link" size="small" onClick={() => drawer.open(r.id)}>{r.name}</Button> },
          { key: 'kind', title: t('keys.kind'), render: (_, r) => <>{t(`keys.kinds.${r.kind}.name`)} {r.archived_at && <Tag color="red">{t('keys.revoked')}</Tag>}</> },
          { key: 'permissions', title: t('keys.permissions'), render: (_, r) => t('keys.count', { count: r.permissions.length }) },
          { key: 'scope', title: t('scope.title'), render: (_, r) => <ScopeText scope={r.scope} /> },
          { key: 'id', title: t('keys.id'), hidden: true, render: (_, r) => <code>{r.id}</code> },
          { key: 'created', title: t('created'), render: (_, r) => <Moment at={r.created_at} /> },
        ]}
      />
      {drawer.shown && (
        <RowDrawer<Row, Values>
          key={drawer.id ?? ''}
          name="keys"
          id={drawer.id}
          title={drawer.id ? t('keys.edit') : t('keys.new')}
          may={may}
          close={drawer.close}
          initial={{ kind: 'server' }}
          read={(id, signal) => got(api.GET('/v1/keys/{id}', { params: { path: { id } }, signal }))}
          values={({ name, kind, permissions, scope }) => ({ name, kind: kind as Values['kind'], permissions, scope })}
          write={({ values: { kind, name, permissions, scope }, etag, key }) => {
            const limits = limited(scope)
            const body = { name, ...(permissions ? { permissions } : {}), ...(limits ? { scope: limits } : {}) }
            return etag
              ? ask(api.PUT('/v1/keys/{id}', { params: { path: { id: drawer.id ?? '' }, header: { 'If-Match': etag } }, body }))
              : ask(api.POST('/v1/keys', { params: { header: { 'Idempotency-Key': key } }, body: { ...body, kind } }))
          }}
          wrote={(answer) => (answer as Row).secret && setMade(answer as Row)}
          archive={{
            run: (etag) => ask(api.DELETE('/v1/keys/{id}', { params: { path: { id: drawer.id ?? '' }, header: { 'If-Match': etag } } })),
            label: t('keys.revoke'),
            text: t('keys.revokeText'),
          }}
        >
          {(row) => (
            <>
              <Form.Item name="name" label={t('keys.name')} extra={t('keys.nameHelp')} rules={required}>
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item name="kind" label={t('keys.kind')} rules={required}>
                <Radio.Group disabled={!!row} style={{ display: 'flex', flexDirection: 'column', gap: 8 }}>
                  {['server', 'browser', 'clerk'].map((k) => (
                    <Radio key={k} value={k}>
                      {t(`keys.kinds.${k}.name`)} <span className="quiet">{t(`keys.kinds.${k}.text`)}</span>
                    </Radio>
                  ))}
                </Radio.Group>
              </Form.Item>
              <Form.Item name="permissions" label={t('keys.permissions')}>
                <KeyPermissions fixed={!!row} />
              </Form.Item>
              <Divider titlePlacement="start">{t('scope.title')}</Divider>
              <ScopeFields />
            </>
          )}
        </RowDrawer>
      )}
      {made && (
        <Modal open title={t('keys.made', { name: made.name })} onCancel={() => setMade(undefined)} footer={<Button type="primary" onClick={() => setMade(undefined)}>{t('keys.kept')}</Button>} mask={{ closable: false }} keyboard={false} closable={false}>
          <Flex vertical gap="middle">
            <Alert type="warning" showIcon title={t('keys.once')} />
            <Secret text={made.secret ?? ''} label={t('keys.secret')} />
          </Flex>
        </Modal>
      )}
    </>
  )
}

/** KeyPermissions chooses among what a key of the kind may hold and its maker has; none chosen is all of them. */
function KeyPermissions({ value, onChange, fixed }: { id?: string; value?: string[]; onChange?: (v?: string[]) => void; fixed: boolean }) {
  const { t } = useTranslation('settings')
  const kind = Form.useWatch('kind') as string | undefined
  const who = useWho()
  const name = usePermissionName()
  const allowed = usePermissions()?.keys.find((k) => k.kind === kind)?.permissions ?? []
  const offered = allowed.filter((p) => who.permissions.includes(p as never) || value?.includes(p))
  // What another kind may hold this one may not.
  useEffect(() => {
    if (!fixed && value?.some((p) => allowed.length > 0 && !allowed.includes(p as never))) onChange?.(undefined)
  }, [fixed, value, allowed, onChange])
  const all = value === undefined || value.length === offered.length
  return (
    <Flex vertical gap={4}>
      <Checkbox checked={all} indeterminate={!all && (value?.length ?? 0) > 0} onChange={(e) => onChange?.(e.target.checked ? (fixed ? offered : undefined) : [])}>
        <strong>{t('keys.all')}</strong>
      </Checkbox>
      <Checkbox.Group
        value={value ?? offered}
        onChange={(v) => onChange?.(v)}
        options={offered.map((p) => ({ value: p, label: name(p) }))}
        style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(190px, 1fr))', gap: 4, paddingInlineStart: 24 }}
      />
    </Flex>
  )
}
