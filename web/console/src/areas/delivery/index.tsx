import { SendOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const delivery: Area = {
  key: 'delivery',
  icon: <SendOutlined />,
  needs: ['market.read'], // amounts and moments are the market's: a clerk works at the counter, not here
  pages: [
    { path: 'placements', menu: 'placements', may: ['reference.read'], load: () => import('./Placements') },
    { path: 'placements/:id', may: ['reference.read'], load: () => import('./Placement') },
    { path: 'placements/:id/page', may: ['reference.read'], load: () => import('./PageDesigner') },
    { path: 'links', menu: 'links', may: ['reference.read'], load: () => import('./AllLinks') },
    { path: 'packs', menu: 'packs', may: ['template.read'], load: () => import('./Packs') },
    { path: 'packs/:id', may: ['template.read'], load: () => import('./Pack') },
    { path: 'packets', menu: 'packets', may: ['template.read'], load: () => import('./Plans') },
    { path: 'packets/:id', may: ['template.read'], load: () => import('./Plan') },
    { path: 'codes', menu: 'codes', may: ['code.read'], load: () => import('./CodeBatches') },
    { path: 'codes/:id', may: ['code.read'], load: () => import('./CodeBatch') },
    { path: 'grants', menu: 'grants', may: ['coupon.grant'], load: () => import('./Bulks') },
    { path: 'grants/:id', may: ['coupon.grant'], load: () => import('./Bulk') },
    { path: 'lists', menu: 'lists', may: ['member.read'], load: () => import('./Lists') },
    { path: 'lists/:id', may: ['member.read'], load: () => import('./List') },
  ],
}
