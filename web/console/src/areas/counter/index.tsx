import { ScanOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const counter: Area = {
  key: 'counter',
  icon: <ScanOutlined />,
  pages: [
    { path: 'totals', menu: 'counterTotals', may: ['order.read'], load: () => import('./Totals') },
    { path: 'redemptions', menu: 'redemptions', may: ['order.read'], load: () => import('./Redemptions') },
  ],
}
