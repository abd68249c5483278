import { DownloadOutlined, MobileOutlined } from '@ant-design/icons'
import { Button, Flex, Modal, Typography } from 'antd'
import { useTranslation } from 'react-i18next'
import { api, ask } from '@/api/client'
import { useAct } from '@/api/hooks'
import { LinkButton } from '@/parts/LinkButton'
import { ProblemAlert } from '@/parts/ProblemAlert'
import type { Link } from './LinkForm'
import { Confirmed } from './publishing'

/** whole is the address of a page as members reach it. */
export const whole = (path: string) => window.location.origin + path

/** LinkShown is a link with its QR code, to be opened, copied, printed, or ended. */
export function LinkShown({ link, writes, close }: { link: Link; writes: boolean; close: () => void }) {
  const { t } = useTranslation('delivery')
  const archive = useAct<string, Link>({
    run: (etag) => ask(api.DELETE('/v1/links/{id}', { params: { path: { id: link.id }, header: { 'If-Match': etag } } })),
    done: t('placement.archived'),
    stale: [['links']],
    then: close,
  })
  const picture = (format: string) => `/v1/links/${link.id}/qr?format=${format}`
  return (
    <Modal
      open
      title={<bdi>{link.name}</bdi>}
      onCancel={close}
      footer={
        <Flex gap="small" justify="end" wrap>
          {writes && (
            <Confirmed danger label={t('shell:delete')} title={t('links.archiveTitle')} text={t('links.archiveText', { path: link.path })} act={() => archive.mutateAsync(`"${link.rev}"`)} />
          )}
          {(['svg', 'png'] as const).map((f) => (
            <Button key={f} icon={<DownloadOutlined />} href={picture(f)} download={`${link.code}.${f}`}>
              {f.toUpperCase()}
            </Button>
          ))}
          <Button onClick={close}>{t('shell:close')}</Button>
        </Flex>
      }
    >
      <ProblemAlert error={archive.error} />
      <Flex vertical align="center" gap="middle">
        <img src={picture('svg')} alt={t('links.qrOf', { path: link.path })} width={240} height={240} style={{ background: '#fff', borderRadius: 8 }} />
        <Typography.Text copyable style={{ overflowWrap: 'anywhere', textAlign: 'center' }}>
          {whole(link.path)}
        </Typography.Text>
        <Flex gap="small" wrap justify="center">
          <Button type="primary" icon={<MobileOutlined />} href={link.path} target="_blank" rel="noreferrer">
            {t('links.openPage')}
          </Button>
          <LinkButton to={`/delivery/placements/${link.placement}/page`}>{t('design.open')}</LinkButton>
        </Flex>
        <span className="quiet" style={{ textAlign: 'center' }}>
          {t('links.scan')}
        </span>
      </Flex>
    </Modal>
  )
}
