import { Button, Form, Modal, Select, Typography } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { originOf } from './origin'

type Row = Schemas['LinkRow']

/**
 * tagOf is what a shop puts into its page to show the offer of a link there. The room is kept free
 * while the script loads, so that nothing jumps; the script never holds the page up.
 */
export const tagOf = (server: string, code: string) => `<div style="min-height:176px"><script async src="${server}/widget.js" data-placement-link="${code}"></script></div>`

/** Snippet names the sites that may show a link's offer as a card, and what they put into their pages. */
export function Snippet({ link, writes, close, stale }: { link: Row; writes: boolean; close: () => void; stale: string[] }) {
  const { t } = useTranslation('delivery')
  const [row, setRow] = useState(link)
  const [form] = Form.useForm<{ sites: string[] }>()
  const save = useAct<string[], Row>({
    run: (sites) =>
      ask(api.PUT('/v1/links/{id}', { body: { name: row.name, ...(row.channel ? { channel: row.channel } : {}), sites }, params: { path: { id: row.id }, header: { 'If-Match': `"${row.rev}"` } } })),
    done: t('embed.saved'),
    stale: [stale],
    then: setRow,
  })
  const tag = tagOf(window.location.origin, row.code)
  const named = (row.sites ?? []).length > 0
  return (
    <Modal
      open
      title={t('embed.title', { name: row.name })}
      onCancel={close}
      footer={
        <Button type={named ? 'primary' : 'default'} onClick={close}>
          {t('shell:close')}
        </Button>
      }
    >
      <Typography.Paragraph>{t('embed.about')}</Typography.Paragraph>
      <Form form={form} layout="vertical" initialValues={{ sites: row.sites ?? [] }} onFinish={({ sites }) => save.mutate(sites.map(originOf))}>
        <Form.Item name="sites" label={t('embed.sites')} extra={t('embed.sitesHelp')}>
          <Select mode="tags" disabled={!writes} open={false} suffixIcon={null} tokenSeparators={[' ', ',', '\n']} maxCount={20} placeholder="https://shop.example.com" />
        </Form.Item>
        <ProblemAlert error={save.error} />
        {writes && (
          <Button htmlType="submit" type={named ? 'default' : 'primary'} loading={save.isPending} style={{ marginBlockEnd: 16 }}>
            {t('embed.save')}
          </Button>
        )}
      </Form>
      {named ? (
        <>
          <Typography.Paragraph>{t('embed.paste')}</Typography.Paragraph>
          <Typography.Text code copyable={{ text: tag, tooltips: [t('embed.copy'), t('embed.copied')] }} style={{ overflowWrap: 'anywhere' }}>
            {tag}
          </Typography.Text>
          <Typography.Paragraph type="secondary" style={{ marginBlockStart: 12 }}>
            {t('embed.token')}
          </Typography.Paragraph>
        </>
      ) : (
        <Typography.Text type="secondary">{t('embed.first')}</Typography.Text>
      )}
    </Modal>
  )
}
