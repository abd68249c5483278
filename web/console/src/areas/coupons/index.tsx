import { TagsOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const coupons: Area = {
  key: 'coupons',
  icon: <TagsOutlined />,
  pages: [{ path: 'templates', menu: 'templates', may: ['template.read'], load: () => import('./Templates') }],
}
