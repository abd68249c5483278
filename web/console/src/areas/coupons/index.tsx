import { TagsOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const coupons: Area = {
  key: 'coupons',
  icon: <TagsOutlined />,
  pages: [
    { path: 'templates', menu: 'templates', may: ['template.read'], load: () => import('./Templates') },
    { path: 'batches', menu: 'batches', may: ['template.read'], load: () => import('./Batches') },
    { path: 'budgets', menu: 'budgets', may: ['budget.read'], load: () => import('./Budgets') },
    { path: 'templates/new', load: () => import('./NewTemplate') },
    { path: 'templates/:id', load: () => import('./TemplatePage') },
    { path: 'templates/:id/edit', load: () => import('./editor/Editor') },
  ],
}
