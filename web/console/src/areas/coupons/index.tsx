import { TagsOutlined } from '@ant-design/icons'
import type { Area } from '../area'

export const coupons: Area = {
  key: 'coupons',
  icon: <TagsOutlined />,
  needs: ['market.read'], // amounts and moments are the market's: a clerk works at the counter, not here
  pages: [
    { path: 'templates', menu: 'templates', may: ['template.read'], load: () => import('./Templates') },
    { path: 'batches', menu: 'batches', may: ['template.read'], load: () => import('./Batches') },
    { path: 'budgets', menu: 'budgets', may: ['budget.read'], load: () => import('./Budgets') },
    { path: 'templates/new', may: ['template.write'], load: () => import('./NewTemplate') },
    { path: 'templates/:id', may: ['template.read'], load: () => import('./TemplatePage') },
    { path: 'templates/:id/edit', may: ['template.read'], load: () => import('./editor/Editor') },
  ],
}
