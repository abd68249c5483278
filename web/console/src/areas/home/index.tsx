import { HomeOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const home: Area = {
  key: 'home',
  icon: <HomeOutlined />,
  pages: [{ path: '', menu: 'home', may: ['statistics.read'], load: () => import('./Home') }],
}
