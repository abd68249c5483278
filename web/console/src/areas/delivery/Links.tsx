import { PlusOutlined } from '@ant-design/icons'
import { Button, Card, Empty, Flex, Skeleton, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from '@tanstack/react-query'
import { api, ask } from '@/api/client'
import { ExportButton } from '@/parts/ExportButton'
import { LinkButton } from '@/parts/LinkButton'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import type { Link } from './LinkForm'
import { LinkOpened, type Opened } from './LinkOpened'
import { useLinkColumns } from './linkcolumns'
import type { Placement } from './state'

const LinkForm = lazy(() => import('./LinkForm'))

/** Links are the short links to a placement's page, each with its QR code and its own funnel. */
export function Links({ placement }: { placement: Placement }) {
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [making, setMaking] = useState(false)
  const [opened, open] = useState<Opened>()
  const query = { placement: placement.id, limit: 100, ...(may('statistics.read') ? { figures: true } : {}) }
  const list = useQuery({ queryKey: ['links', placement.id], queryFn: ({ signal }) => ask(api.GET('/v1/links', { params: { query }, signal })) })
  const columns = useLinkColumns(open)
  const writes = may('reference.write') && !placement.archived_at
  return (
    <Card
      size="small"
      title={t('links.title')}
      style={{ marginBlock: 16 }}
      extra={
        <Flex gap="small" wrap>
          <LinkButton size="small" to={`/delivery/placements/${placement.id}/page`}>
            {t('design.open')}
          </LinkButton>
          <ExportButton size="small" list="/v1/links" query={{ placement: placement.id, ...(query.figures ? { figures: 'true' } : {}) }} />
          {writes && (
            <Button size="small" type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
              {t('links.new')}
            </Button>
          )}
        </Flex>
      }
    >
      <ProblemAlert error={list.error} again={() => void list.refetch()} />
      {list.isPending ? (
        <Skeleton active paragraph={{ rows: 2 }} title={false} />
      ) : (
        <Table<Link>
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={list.data?.items ?? []}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('links.empty')} /> }}
          columns={columns}
        />
      )}
      {making && (
        <Suspense fallback={null}>
          <LinkForm placement={placement} close={() => setMaking(false)} saved={(l) => (setMaking(false), open({ link: l, as: 'code' }))} />
        </Suspense>
      )}
      <LinkOpened opened={opened} writes={writes} close={() => open(undefined)} />
    </Card>
  )
}
