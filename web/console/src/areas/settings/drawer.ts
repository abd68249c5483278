import { useSearchParams } from 'react-router'

/** useDrawer keeps in the address which row is open: "?edit=CODE", or "?new=1". */
export function useDrawer() {
  const [params, setParams] = useSearchParams()
  const set = (edit?: string, make?: boolean) =>
    setParams((now) => {
      now.delete('edit')
      now.delete('new')
      if (edit) now.set('edit', edit)
      if (make) now.set('new', '1')
      return now
    })
  return {
    id: params.get('edit') ?? undefined,
    making: params.has('new'),
    shown: params.has('new') || params.has('edit'),
    open: (id: string) => set(id),
    make: () => set(undefined, true),
    close: () => set(),
  }
}
