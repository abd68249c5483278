import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { StoreSelect } from './RowSelect'

afterEach(() => vi.unstubAllGlobals())

const stores = [
  { code: 'bund', name: 'Bund' },
  { code: 'gusu', name: 'Gusu' },
]

/** shop stands for the server, and notes what it is asked. */
function shop() {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (r: Request) => {
    const u = new URL(r.url)
    asked.push(u.pathname + u.search)
    const code = /stores\/(.+)/.exec(u.pathname)?.[1]
    if (code) {
      const one = stores.find((s) => s.code === code)
      return one ? Response.json(one) : Response.json({ code: 'not_found', title: 'Not found', detail: '', status: 404, request_id: 'r' }, { status: 404 })
    }
    const text = u.searchParams.get('search') ?? ''
    return Response.json({ items: stores.filter((s) => s.name.includes(text)) })
  })
  return asked
}

function show(value?: string) {
  const chosen: (string | undefined)[] = []
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <StoreSelect aria-label="Store" value={value} onChange={(v) => chosen.push(v)} />
    </QueryClientProvider>,
  )
  return chosen
}

test('nothing is asked before it is opened; what is typed is looked for by the server', async () => {
  const asked = shop()
  const chosen = show()
  expect(asked).toEqual([])
  const box = screen.getByRole('combobox', { name: 'Store' })
  fireEvent.mouseDown(box)
  await waitFor(() => expect(asked).toEqual(['/v1/stores?limit=50']))
  fireEvent.change(box, { target: { value: 'Gu' } })
  await waitFor(() => expect(asked).toContain('/v1/stores?limit=50&search=Gu'))
  fireEvent.click(await screen.findByTitle('Gusu · gusu'))
  expect(chosen).toEqual(['gusu'])
})

test('what is chosen already is shown by its name, and as it is where it has none', async () => {
  shop()
  show('bund')
  expect(await screen.findByTitle('Bund · bund')).toBeTruthy()
})

test('a code that names nothing is shown as it is', async () => {
  shop()
  show('nowhere')
  expect(await screen.findByTitle('nowhere')).toBeTruthy()
})
