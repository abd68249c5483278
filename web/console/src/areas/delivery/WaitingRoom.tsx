import { Button, Flex, Form, InputNumber, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { Confirmed } from './publishing'

type Room = Schemas['RoomBody']

/** WaitingRoom opens, changes and closes the waiting room of a template: claims then need a place. */
export function WaitingRoom({ template }: { template: string }) {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [form] = Form.useForm<Room>()
  const one = useQuery({ queryKey: ['template', template, 'room'], queryFn: ({ signal }) => got(api.GET('/v1/templates/{id}', { params: { path: { id: template } }, signal })) })
  const etag = one.data?.etag ?? ''
  const stale = [['template', template], ['templates']]
  const set = useAct<Room & { etag: string }, unknown>({
    run: ({ etag, ...body }) => ask(api.PUT('/v1/templates/{id}/waiting-room', { body, params: { path: { id: template }, header: { 'If-Match': etag } } })),
    done: t('room.opened'),
    stale,
  })
  const remove = useAct<string, unknown>({
    run: (etag) => ask(api.DELETE('/v1/templates/{id}/waiting-room', { params: { path: { id: template }, header: { 'If-Match': etag } } })),
    done: t('room.closed'),
    stale,
  })
  if (one.isPending) return <Skeleton active paragraph={{ rows: 2 }} />
  const row = one.data?.data
  if (!row) return <ProblemAlert error={one.error} again={() => void one.refetch()} />
  const writes = may('template.publish') && row.status === 'published'
  const room = row.waiting_room
  return (
    <>
      <p style={{ marginTop: 0 }}>{t(room ? 'room.on' : 'room.off')}</p>
      <ProblemAlert error={set.error ?? remove.error} again={() => void one.refetch().then(() => (set.reset(), remove.reset()))} />
      <Form<Room> form={form} key={row.rev} initialValues={room ?? { per_second: 500, life_seconds: 60 }} disabled={!writes} layout="vertical" onFinish={(v) => set.mutate({ ...v, etag })}>
        <Flex wrap gap="middle" align="end">
          <Form.Item name="per_second" label={t('room.perSecond')} rules={[{ required: true, message: t('shell:required') }]} style={{ margin: 0 }}>
            <InputNumber min={1} max={100_000} precision={0} />
          </Form.Item>
          <Form.Item name="life_seconds" label={t('room.life')} rules={[{ required: true, message: t('shell:required') }]} style={{ margin: 0 }}>
            <InputNumber min={1} max={3600} precision={0} />
          </Form.Item>
          {writes && (
            <Flex gap="small">
              <Button htmlType="submit" loading={set.isPending}>
                {t(room ? 'shell:save' : 'room.open')}
              </Button>
              {room && <Confirmed danger label={t('room.close')} title={t('room.closeTitle')} text={t('room.closeText')} act={() => remove.mutateAsync(etag)} />}
            </Flex>
          )}
        </Flex>
      </Form>
    </>
  )
}
