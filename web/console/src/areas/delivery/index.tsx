import { SendOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const delivery: Area = {
  key: 'delivery',
  icon: <SendOutlined />,
  pages: [
    { path: 'placements', menu: 'placements', may: ['reference.read'], load: () => import('./Placements') },
    { path: 'placements/:id', may: ['reference.read'], load: () => import('./Placement') },
  ],
}
