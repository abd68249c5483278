import './words'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, Flex, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ColumnUpload, filled, type Column } from '@/parts/ColumnUpload'
import { useMarket } from '@/parts/market'
import { MomentInput } from '@/parts/MomentInput'
import { SegmentSelect, TemplateSelect } from '@/parts/RowSelect'
import type { Bulk } from './Bulks'
import { FormDrawer } from './FormDrawer'
import { asMembers, guessColumn, identities, kindOf } from './identities'
import { useOffered } from './offered'

interface Values {
  name: string
  templates: { template?: string }[]
  audience: 'list' | 'segment' | 'everyone'
  column?: Column
  kind?: string
  segment?: string
  reason: string
  rate?: number
  start_at?: string
}

/** BulkForm plans a bulk grant: it is rehearsed, and waits to be started. */
export default function BulkForm({ template, close, saved }: { template?: string; close: () => void; saved: (b: Bulk) => void }) {
  const { t } = useTranslation('delivery')
  const [form] = Form.useForm<Values>()
  const audience = Form.useWatch('audience', form)
  const column = Form.useWatch('column', form)
  const segment = Form.useWatch('segment', form)
  const first = Form.useWatch(['templates', 0, 'template'], form) as string | undefined
  const market = useMarket(useOffered({ template: first })?.market)
  const zone = market?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const chosen = useQuery({ queryKey: ['segments', 'chosen', segment], queryFn: ({ signal }) => ask(api.GET('/v1/segments/{code}', { params: { path: { code: segment ?? '' } }, signal })), enabled: audience === 'segment' && !!segment }).data
  const count = useQuery({
    queryKey: ['segments', 'count', chosen?.code, chosen?.rev],
    queryFn: ({ signal }) => ask(api.POST('/v1/segments/count', { body: { market: chosen?.market, tree: chosen?.tree ?? {} } as Schemas['SegmentBody'], signal })),
    enabled: !!chosen,
  })
  const act = useAct<Values, Bulk>({
    run: (v, key) =>
      ask(
        api.POST('/v1/bulk-grants', {
          body: {
            name: v.name,
            templates: v.templates.map((x) => x.template ?? ''),
            audience: v.audience,
            reason: v.reason,
            ...(v.rate ? { rate: v.rate } : {}),
            ...(v.start_at ? { start_at: v.start_at } : {}),
            ...(v.audience === 'list' && v.column ? { csv: asMembers(v.column, v.kind ?? kindOf(v.column)) } : {}),
            ...(v.audience === 'segment' && chosen ? { tree: chosen.tree } : {}),
          },
          params: { header: { 'Idempotency-Key': key } },
        }),
      ),
    done: t('bulks.created'),
    stale: [['bulks']],
    then: saved,
  })
  const needed = [{ required: true, message: t('shell:required') }]
  return (
    <FormDrawer<Values>
      wide
      title={t('bulks.new')}
      action={t('bulks.rehearse')}
      form={form}
      initial={{ audience: 'list', templates: [{ template }] }}
      error={act.error}
      pending={act.isPending}
      close={close}
      finish={(v) => act.mutate(v)}
    >
      <Form.Item name="name" label={t('placement.name')} rules={needed}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.List name="templates">
        {(rows, { add, remove }) => (
          <Form.Item label={t('bulks.templates')} extra={rows.length > 1 ? t('bulks.templatesHelp') : undefined} required>
            <Flex vertical gap="small">
              {rows.map((r) => (
                <Flex key={r.key} gap="small" align="start">
                  <Form.Item name={[r.name, 'template']} rules={needed} style={{ margin: 0, flex: 1, minWidth: 0 }}>
                    <TemplateSelect aria-label={t('placement.template')} placeholder={t('placement.chooseTemplate')} />
                  </Form.Item>
                  {rows.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t('form.remove')} onClick={() => remove(r.name)} />}
                </Flex>
              ))}
              <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({})} disabled={rows.length >= 20}>
                {t('packs.addPart')}
              </Button>
            </Flex>
          </Form.Item>
        )}
      </Form.List>
      <Form.Item name="audience" label={t('bulks.audience')} rules={needed}>
        <Radio.Group optionType="button" options={(['list', 'segment', 'everyone'] as const).map((value) => ({ value, label: t(`audience.${value}`) }))} />
      </Form.Item>
      {audience === 'list' && (
        <>
          <Form.Item name="column" label={t('bulks.file')} rules={[{ validator: (_, c?: Column) => (c && filled(c) > 0 ? Promise.resolve() : Promise.reject(new Error(t('shell:required')))) }]}>
            <ColumnUpload wanted={t('bulks.column')} guess={guessColumn} />
          </Form.Item>
          {column && (
            <Form.Item name="kind" label={t('bulks.identity')} initialValue={kindOf(column)} rules={needed}>
              <Select options={identities.map((value) => ({ value, label: t(`identity.${value}`) }))} style={{ maxWidth: 240 }} />
            </Form.Item>
          )}
        </>
      )}
      {audience === 'segment' && (
        <Form.Item
          name="segment"
          label={t('bulks.segment')}
          rules={needed}
          extra={count.data ? t('bulks.segmentCount', { count: count.data.count, of: count.data.members.toLocaleString() }) : t('bulks.segmentHelp')}
        >
          <SegmentSelect />
        </Form.Item>
      )}
      {audience === 'everyone' && <Alert type="warning" showIcon title={t('bulks.everyone')} style={{ marginBottom: 24 }} />}
      <Form.Item name="reason" label={t('bulks.reason')} extra={t('bulks.reasonHelp')} rules={needed}>
        <Input.TextArea maxLength={500} rows={2} />
      </Form.Item>
      <Flex wrap gap="large">
        <Form.Item name="rate" label={t('bulks.rate')} normalize={(n: number | null) => n ?? undefined}>
          <InputNumber min={1} max={1_000_000} precision={0} placeholder={t('placement.noCap')} style={{ width: 200 }} />
        </Form.Item>
        <Form.Item name="start_at" label={t('bulks.startAt')}>
          <MomentInput zone={zone} placeholder={t('bulks.whenStarted')} />
        </Form.Item>
      </Flex>
    </FormDrawer>
  )
}
