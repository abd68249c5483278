import '@/areas/coupons/words'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalsOf } from '@/areas/coupons/editor/checking'
import { write } from '@/areas/coupons/editor/doc'
import { EditingProvider, type Editing } from '@/areas/coupons/editor/editing'
import { TreeEditor } from '@/areas/coupons/editor/TreeEditor'
import type { Tree } from '@/areas/coupons/editor/tree'
import type { Market } from '@/parts/market'

interface Props {
  tree: Tree
  change: (to: (now: Tree) => Tree) => void
  market: Market
  /** Why the condition can't be counted or saved: shown beside the fields that it is about. */
  error: unknown
}

/** SegmentTree is the editor of conditions that templates have, over what is stored of members. */
export default function SegmentTree({ tree, change, market, error }: Props) {
  const { t } = useTranslation('members')
  const refusals = useMemo(() => refusalsOf(error), [error])
  const editing = {
    body: { tree },
    market,
    disabled: false,
    refused: (p: string) => refusals.filter((r) => r.pointer === p).map((r) => r.detail),
    set: (p: string, v: unknown) => change((now) => (write({ tree: now }, p, v).tree as Tree | undefined) ?? {}),
  } as unknown as Editing
  return (
    <EditingProvider value={editing}>
      <TreeEditor at="/tree" title={t('segments.who')} stored />
    </EditingProvider>
  )
}
