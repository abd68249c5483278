import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { WhoProvider, type Account } from '@/session'
import { ActorSelect } from './ActorSelect'

afterEach(() => vi.unstubAllGlobals())

// Of 600 people the list shows the first; whoever comes later is found by their name.
test('who stands far down in the list is found by typing, among those that the reader may know', async () => {
  const people = Array.from({ length: 600 }, (_, i) => ({ id: `psn_${i}`, name: `Person ${i}` }))
  const asked: string[] = []
  vi.stubGlobal('fetch', async (r: Request) => {
    const u = new URL(r.url)
    asked.push(u.pathname)
    const [text, limit] = [u.searchParams.get('search') ?? '', Number(u.searchParams.get('limit'))]
    return Response.json({ items: people.filter((p) => p.name.includes(text)).slice(0, limit) })
  })
  const chosen: (string | undefined)[] = []
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <WhoProvider value={{ id: 'psn_me', name: 'Me', permissions: ['person.read'] } as unknown as Account}>
        <ActorSelect aria-label="Who" onChange={(v) => chosen.push(v)} />
      </WhoProvider>
    </QueryClientProvider>,
  )
  expect(asked).toEqual([])
  const box = screen.getByRole('combobox', { name: 'Who' })
  fireEvent.mouseDown(box)
  await screen.findByTitle('Person 3')
  expect(screen.queryByTitle('Person 555')).toBeNull()
  fireEvent.change(box, { target: { value: 'Person 555' } })
  fireEvent.click(await screen.findByTitle('Person 555'))
  expect(chosen).toEqual(['psn_555'])
  await waitFor(() => expect(new Set(asked)).toEqual(new Set(['/v1/people'])))
})
