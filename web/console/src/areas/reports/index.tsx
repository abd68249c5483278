import { BarChartOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const reports: Area = {
  key: 'reports',
  icon: <BarChartOutlined />,
  pages: [
    { path: 'use', menu: 'use', may: ['statistics.read'], load: () => import('./Use') },
    { path: 'placements', menu: 'compare', may: ['statistics.read'], load: () => import('./Compare') },
    { path: 'refusals', menu: 'refusals', may: ['statistics.read'], load: () => import('./Refusals') },
    { path: 'settlement', menu: 'settlement', may: ['statistics.read'], load: () => import('./Settlement') },
    { path: 'board', menu: 'board', may: ['statistics.read'], load: () => import('./Board') },
    { path: 'rows', may: ['order.read'], load: () => import('./Rows') },
    { path: 'settlement/rows', may: ['order.read'], load: () => import('./Shares') },
  ],
}
