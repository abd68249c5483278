import './words'
import { Card, Flex, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { TemplateSelect } from '@/parts/RowSelect'
import { charsets, crockford, example, shortest } from './codeformat'
import type { CodeBatch } from './CodeBatches'
import { FormDrawer, takeNewest } from './FormDrawer'
import { useOffered } from './offered'

interface Values {
  template: string
  kind: 'generated' | 'word' | 'imported'
  name: string
  size?: number
  word?: string
  format?: { prefix?: string; charset?: string; length?: number; group?: number }
  per_member?: number
  from?: string
  to?: string
}

interface Props {
  of?: { row: CodeBatch; etag: string }
  template?: string
  close: () => void
  saved: (b: CodeBatch) => void
  again?: () => Promise<CodeBatch | undefined>
}

/** CodeBatchForm makes a batch of exchange codes, or changes what may change of one. */
export default function CodeBatchForm({ of, template, close, saved, again }: Props) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const v = (Form.useWatch([], form) ?? {}) as Partial<Values>
  const code = useOffered(of ? {} : { template: v.template })?.market ?? of?.row.market
  const zone = useMarket(code)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const kind = of?.row.kind ?? v.kind
  const f = v.format
  const examples = useMemo(() => Array.from({ length: 3 }, () => example({ prefix: f?.prefix?.toUpperCase(), charset: f?.charset, length: f?.length, group: f?.group })), [f?.prefix, f?.charset, f?.length, f?.group])
  const act = useAct<Values, CodeBatch>({
    run: (v, key) => {
      const window = { name: v.name, ...(v.per_member ? { per_member: v.per_member } : {}), ...(v.from ? { from: v.from } : {}), ...(v.to ? { to: v.to } : {}) }
      if (of) return ask(api.PUT('/v1/code-batches/{id}', { body: { ...window, revoked: of.row.revoked }, params: { path: { id: of.row.id }, header: { 'If-Match': of.etag } } }))
      const made = { ...window, market: code ?? '', template: v.template, kind: v.kind }
      const { prefix, charset, length, group } = v.format ?? {}
      const format = { ...(prefix ? { prefix: prefix.toUpperCase() } : {}), ...(charset && charset !== crockford ? { charset } : {}), ...(length ? { length } : {}), ...(group ? { group } : {}) }
      const body = v.kind === 'generated' ? { ...made, size: v.size, format } : v.kind === 'word' ? { ...made, size: v.size, word: v.word } : made
      return ask(api.POST('/v1/code-batches', { body, params: { header: { 'Idempotency-Key': key } } }))
    },
    done: t(of ? 'shell:saved' : 'codes.created'),
    stale: [['codes'], ['codeBatch']],
    then: saved,
  })
  const needed = [{ required: true, message: t('shell:required') }]
  return (
    <FormDrawer<Values>
      title={t(of ? 'codes.edit' : 'codes.new')}
      action={t(of ? 'shell:save' : 'create')}
      form={form}
      initial={of?.row ?? { template, kind: 'generated', size: 1000, format: { charset: crockford, group: 4 } }}
      error={act.error}
      pending={act.isPending}
      close={close}
      newest={async () => {
        const row = await again?.()
        if (row) takeNewest(form, { name: row.name, per_member: row.per_member, from: row.from, to: row.to })
        act.reset()
      }}
      finish={(values) => act.mutate(values)}
    >
      {!of && (
        <>
          <Form.Item name="kind" label={t('codes.kind')} rules={needed}>
            <Radio.Group>
              <Flex vertical gap={4}>
                {(['generated', 'word', 'imported'] as const).map((k) => (
                  <Radio key={k} value={k}>
                    {t(`codeKind.${k}`)} <small className="quiet">{t(`codeKindHelp.${k}`)}</small>
                  </Radio>
                ))}
              </Flex>
            </Radio.Group>
          </Form.Item>
          <Form.Item name="template" label={t('codes.template')} extra={t('placement.fixed')} rules={needed}>
            <TemplateSelect placeholder={t('placement.chooseTemplate')} />
          </Form.Item>
        </>
      )}
      <Form.Item name="name" label={t('placement.name')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      {!of && kind === 'word' && (
        <Form.Item name="word" label={t('codes.word')} extra={t('codes.wordHelp')} rules={needed}>
          <Input maxLength={64} />
        </Form.Item>
      )}
      {!of && kind !== 'imported' && (
        <Form.Item name="size" label={t(kind === 'word' ? 'codes.wordUses' : 'codes.size')} rules={needed}>
          <InputNumber min={1} max={kind === 'word' ? 1_000_000_000_000 : 100_000_000} precision={0} style={{ width: 200 }} />
        </Form.Item>
      )}
      {!of && kind === 'generated' && (
        <Card size="small" title={t('codes.format')} style={{ marginBottom: 24 }}>
          <Flex wrap gap="small">
            <Form.Item name={['format', 'prefix']} label={t('codes.prefix')} rules={[{ pattern: /^[A-Za-z0-9]{0,12}$/, message: t('codes.prefixHelp') }]}>
              <Input maxLength={12} style={{ width: 140 }} />
            </Form.Item>
            <Form.Item name={['format', 'charset']} label={t('codes.charset')}>
              <Select options={Object.entries(charsets).map(([k, value]) => ({ value, label: t(`charset.${k}`) }))} style={{ width: 200 }} />
            </Form.Item>
            <Form.Item name={['format', 'length']} label={t('codes.length')} normalize={(n: number | null) => n ?? undefined}>
              <InputNumber min={shortest(f?.charset || crockford)} max={24} precision={0} placeholder={String(shortest(f?.charset || crockford))} style={{ width: 110 }} />
            </Form.Item>
            <Form.Item name={['format', 'group']} label={t('codes.group')}>
              <Select options={[0, 3, 4, 5, 6].map((value) => ({ value, label: value ? t('codes.groupOf', { count: value }) : t('codes.noGroup') }))} style={{ width: 140 }} />
            </Form.Item>
          </Flex>
          <div aria-live="polite">
            <small className="quiet">{t('codes.examples')}</small>
            {examples.map((e, i) => (
              <code key={i} style={{ display: 'block', overflowWrap: 'anywhere' }}>
                {e ?? '–'}
              </code>
            ))}
          </div>
        </Card>
      )}
      <Form.Item name="per_member" label={t('codes.perMember')} extra={t('codes.perMemberHelp')} normalize={(n: number | null) => n ?? undefined}>
        <InputNumber min={1} precision={0} placeholder={t('placement.noCap')} style={{ width: 200 }} />
      </Form.Item>
      <Form.Item name="from" label={t('codes.from')}>
        <MomentInput zone={zone} placeholder={t('placement.atOnce')} />
      </Form.Item>
      <Form.Item name="to" label={t('codes.to')} extra={t('placement.toHelp')}>
        <MomentInput zone={zone} placeholder={t('placement.never')} />
      </Form.Item>
    </FormDrawer>
  )
}
