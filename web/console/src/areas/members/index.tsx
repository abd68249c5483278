import { TeamOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const members: Area = {
  key: 'members',
  icon: <TeamOutlined />,
  pages: [
    { path: 'list', menu: 'memberList', may: ['member.read'], load: () => import('./Members') },
    { path: 'segments', menu: 'segments', may: ['member.read'], load: () => import('./Segments') },
    { path: 'desk', menu: 'desk', may: ['desk.act', 'desk.write'], load: () => import('./Desk') },
    { path: 'list/:id', may: ['member.read'], load: () => import('./Member') },
  ],
}
