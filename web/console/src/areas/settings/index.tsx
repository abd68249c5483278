import { SettingOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const settings: Area = {
  key: 'settings',
  icon: <SettingOutlined />,
  pages: [
    { path: 'account', load: () => import('./Account') },
    { path: 'merchants', menu: 'merchants', may: ['reference.read'], load: () => import('./Merchants') },
    { path: 'stores', menu: 'stores', may: ['reference.read'], load: () => import('./Stores') },
    { path: 'items', menu: 'items', may: ['reference.read'], load: () => import('./Items') },
    { path: 'markets', menu: 'markets', may: ['market.read'], load: () => import('./Markets') },
    { path: 'markets/:code/days', may: ['market.read'], load: () => import('./Days') },
    { path: 'facts', menu: 'facts', may: ['market.read'], load: () => import('./Facts') },
    { path: 'people', menu: 'people', may: ['person.read'], load: () => import('./People') },
    { path: 'keys', menu: 'keys', may: ['key.read'], load: () => import('./Keys') },
    { path: 'stops', menu: 'stops', may: ['stop.write'], load: () => import('./Stops') },
    { path: 'jobs', menu: 'jobs', may: ['job.read'], load: () => import('./Jobs') },
    { path: 'audit', menu: 'audit', may: ['audit.read'], load: () => import('./Audit') },
  ],
}
