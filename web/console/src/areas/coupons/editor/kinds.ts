import { useQuery } from '@tanstack/react-query'
import { api, ask, type Schemas } from '@/api/client'
import type { Terms } from './doc'

export type KindRow = Schemas['KindRow']
export type Kind = Terms['kind']

/** What is made most often; the others are one click away. */
export const common: readonly Kind[] = ['amount_off', 'percent_off', 'no_threshold', 'fixed_price', 'nth_item', 'buy_get', 'gift', 'shipping']

/** useKinds are the kinds with the fields that each reads. */
export function useKinds() {
  return useQuery({ queryKey: ['kinds'], queryFn: ({ signal }) => ask(api.GET('/v1/coupon-kinds', { signal })).then((x) => x.kinds), staleTime: Infinity })
}

/** Reading says which fields of the terms the chosen kind and reward read. */
export interface Reading {
  reads: (field: string) => boolean
  /** One of several that have to be there. */
  needs: (field: string) => boolean
  rewards: string[]
}

/** readingOf is what terms of a kind read. */
export function readingOf(kinds: KindRow[], terms: Pick<Terms, 'kind' | 'reward'>): Reading {
  const kind = kinds.find((k) => k.kind === terms.kind)
  const reward = kind?.rewards.find((r) => r.reward === terms.reward)
  const needed = new Set([kind, reward].flatMap((x) => x?.needs ?? []).flat())
  const all = new Set([...needed, ...[kind, reward].flatMap((x) => x?.may ?? [])])
  const rewards = kind?.rewards.map((r) => r.reward) ?? []
  if (rewards.length > 0) all.add('reward')
  return { reads: (f) => all.has(f), needs: (f) => needed.has(f), rewards }
}

/** fieldsOfKinds are all fields that some kind reads and not all do. */
export function fieldsOfKinds(kinds: KindRow[]): string[] {
  const of = (x: { needs: string[][]; may: string[] }) => [...x.needs.flat(), ...x.may]
  return [...new Set([...kinds.flatMap(of), ...kinds.flatMap((k) => k.rewards.flatMap(of)), 'reward'])]
}

/**
 * turned is the terms as another kind (or reward): fields that it does not read go into kept,
 * from which they come back when somebody changes their mind.
 */
export function turned(kinds: KindRow[], terms: Terms, to: Partial<Pick<Terms, 'kind' | 'reward'>>, kept: Record<string, unknown>): Terms {
  const next: Record<string, unknown> = { ...terms, ...to }
  const rewards = readingOf(kinds, next as unknown as Terms).rewards
  if (rewards.length === 0) delete next.reward
  else if (!rewards.includes(next.reward as string)) next.reward = rewards[0]
  const { reads } = readingOf(kinds, next as unknown as Terms)
  for (const f of fieldsOfKinds(kinds)) {
    if (!reads(f) && next[f] !== undefined) {
      kept[f] = next[f]
      delete next[f]
    } else if (reads(f) && next[f] === undefined && kept[f] !== undefined && f !== 'reward') {
      next[f] = kept[f]
      delete kept[f]
    }
  }
  // The steps of an amount are no steps of a percentage.
  if (to.kind && to.kind !== terms.kind && next.steps) {
    const gives = to.kind === 'percent_off' ? 'amount_minor' : 'discount_bps'
    next.steps = (next.steps as Record<string, unknown>[]).map(({ [gives]: _, ...rest }) => rest)
  }
  return next as unknown as Terms
}
