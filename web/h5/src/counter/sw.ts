/// <reference lib="webworker" />
// The counter's service worker: the page and its files lie in a cache, so that the
// counter opens without network. What is asked of the API never comes from here.
export {}

declare const self: ServiceWorkerGlobalScope
const shelf = 'counter-1'
const page = '/counter/'

/** keep puts the page and the files that it names into the cache; files of older pages go. */
async function keep(answer: Response): Promise<void> {
  const cache = await caches.open(shelf)
  const text = await answer.clone().text()
  const named = [...text.matchAll(/\/h5\/assets\/[\w.-]+/g)].map((m) => m[0])
  await Promise.all(
    [...new Set(named)].map(async (path) => {
      if (!(await cache.match(path))) await cache.add(path)
    }),
  )
  await cache.put(page, answer)
}

self.addEventListener('install', (e) => {
  e.waitUntil(
    fetch(page, { cache: 'no-store' })
      .then((a) => (a.ok ? keep(a) : undefined))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (e) => {
  e.waitUntil(
    caches
      .keys()
      .then((all) => Promise.all(all.filter((k) => k.startsWith('counter-') && k !== shelf).map((k) => caches.delete(k))))
      .then(() => self.clients.claim()),
  )
})

/** A page that takes longer than this comes from the cache: a bad network is like none. */
const patience = 4000

async function pageOrKept(e: FetchEvent): Promise<Response> {
  const kept = (await caches.match(page)) ?? Response.error()
  const asked = fetch(e.request).then(async (a) => {
    if (a.ok) await keep(a.clone())
    return a.ok || a.status < 500 ? a : kept
  })
  e.waitUntil(asked.catch(() => undefined))
  if (kept.type === 'error') return asked
  return Promise.race([asked.catch(() => kept), new Promise<Response>((r) => setTimeout(() => r(kept), patience))])
}

async function fileOrKept(request: Request): Promise<Response> {
  const cache = await caches.open(shelf)
  const kept = await cache.match(request)
  if (kept) return kept
  const a = await fetch(request)
  if (a.ok) await cache.put(request, a.clone())
  return a
}

self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== self.location.origin) return
  if (e.request.mode === 'navigate' && url.pathname.startsWith(page)) e.respondWith(pageOrKept(e))
  else if (url.pathname.startsWith('/h5/assets/')) e.respondWith(fileOrKept(e.request))
})
