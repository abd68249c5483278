import { App } from 'antd'
import { useRef } from 'react'
import { useInfiniteQuery, useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { newKey } from './client'

/** Page is one page of a list: where next_cursor is absent, the list has ended. */
export interface Page<Row> {
  items: Row[]
  next_cursor?: string
}

/** usePages reads a list page by page, by its cursor; nothing before it is enabled. */
export function usePages<Row>(key: QueryKey, page: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>, enabled = true) {
  return useInfiniteQuery({
    queryKey: key,
    enabled,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor,
  })
}

interface Act<In, Out> {
  /** Does it. The key is the same for as long as the same input is tried. */
  run: (input: In, key: string) => Promise<Out>
  /** Said when it is done; nothing where the page shows it by itself. */
  done?: string | ((out: Out, input: In) => string)
  /** Queries that are not true any more afterwards. */
  stale?: QueryKey[]
  then?: (out: Out, input: In) => void
}

/**
 * useAct is one act of a person: while no answer came, doing it again sends the same
 * Idempotency-Key, so that nothing is done twice. Its error is for ProblemAlert.
 */
export function useAct<In = void, Out = unknown>(act: Act<In, Out>) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const last = useRef({ body: '', key: '' })
  return useMutation<Out, Error, In>({
    mutationFn: (input) => {
      const body = JSON.stringify(input) ?? ''
      if (last.current.key === '' || last.current.body !== body) last.current = { body, key: newKey() }
      return act.run(input, last.current.key)
    },
    onSuccess: async (out, input) => {
      last.current = { body: '', key: '' }
      await Promise.all((act.stale ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })))
      const done = typeof act.done === 'function' ? act.done(out, input) : act.done
      if (done) message.success(done)
      act.then?.(out, input)
    },
  })
}
