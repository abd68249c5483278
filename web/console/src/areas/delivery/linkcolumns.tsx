import { CodeOutlined, CopyOutlined, QrcodeOutlined } from '@ant-design/icons'
import { App, Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/parts/ListPage'
import { useMay } from '@/session'
import type { Link } from './LinkForm'
import type { Opened } from './LinkOpened'
import { whole } from './LinkShown'
import { share } from './share'

type Figures = NonNullable<Link['figures']>

/** useLinkColumns are the columns of a list of links: name, address, its own funnel, what can be done. */
export function useLinkColumns(open: (o: Opened) => void): Column<Link>[] {
  const { t, i18n } = useTranslation('delivery')
  const { message } = App.useApp()
  const counts = useMay()('statistics.read')
  const copy = async (l: Link) => {
    try {
      await navigator.clipboard.writeText(whole(l.path))
      message.success(t('links.copied'))
    } catch {
      open({ link: l, as: 'code' }) // pages without HTTPS have no clipboard: it can be copied by hand there
    }
  }
  const figure = (f: (x: Figures) => number) => (_: unknown, l: Link) => (l.figures ? f(l.figures).toLocaleString(i18n.language) : '–')
  return [
    {
      key: 'name',
      title: t('placement.name'),
      render: (_, l) => (
        <>
          <bdi>{l.name}</bdi>
          <br />
          <a href={l.path} target="_blank" rel="noreferrer" title={t('links.openPage')}>
            {l.path}
          </a>
        </>
      ),
    },
    { key: 'channel', title: t('placement.channel'), render: (_, l) => (l.channel ? t(`shell:channel.${l.channel}`, l.channel) : '–') },
    ...(counts
      ? [
          { key: 'views', title: t('links.views'), className: 'numbers', render: figure((x) => x.views) },
          { key: 'signins', title: t('links.signIns'), className: 'numbers', render: figure((x) => x.sign_ins) },
          { key: 'claims', title: t('links.claims'), className: 'numbers', render: figure((x) => x.claims) },
          { key: 'used', title: t('figures.used'), className: 'numbers', render: figure((x) => x.used) },
          {
            key: 'rate',
            title: t('links.rate'),
            className: 'numbers',
            render: (_: unknown, l: Link) => (l.figures?.views ? share(Math.round((l.figures.claims / l.figures.views) * 10_000)) : '–'),
          },
        ]
      : []),
    {
      key: 'acts',
      title: t('links.acts'),
      render: (_, l) => (
        <Flex gap={4}>
          <Button size="small" icon={<CopyOutlined />} aria-label={`${t('links.copy')} ${l.name}`} title={t('links.copy')} onClick={() => void copy(l)} />
          <Button size="small" icon={<QrcodeOutlined />} aria-label={`${t('links.qr')} ${l.name}`} title={t('links.qr')} onClick={() => open({ link: l, as: 'code' })} />
          <Button size="small" icon={<CodeOutlined />} aria-label={`${t('links.embed')} ${l.name}`} title={t('links.embed')} onClick={() => open({ link: l, as: 'card' })} />
        </Flex>
      ),
    },
  ]
}
