import type { paths } from '../../../api/schema'

type Answer = paths['/v1/reads']['post']['responses']['200']['content']['application/json']['answers'][number]

interface Waiting {
  request: Request
  answered: (r: Response) => void
  failed: (e: unknown) => void
}

/** As many reads as one request takes. */
const most = 64

let waiting: Waiting[] = []

/**
 * gather sends a request. Reads that begin at the same time, as those of a page that is
 * drawn, go in one request together: on a phone it is the ways that take the time. Each
 * has its own answer, and may be given up by itself.
 */
export function gather(request: Request): Promise<Response> {
  if (request.method !== 'GET') return fetch(request)
  return new Promise((answered, failed) => {
    if (waiting.length === 0) setTimeout(send) // what is drawn asks before the next task begins
    waiting.push({ request, answered, failed })
    request.signal.addEventListener('abort', () => failed(request.signal.reason))
  })
}

function send() {
  const all = waiting.filter((w) => !w.request.signal.aborted)
  waiting = []
  for (let i = 0; i < all.length; i += most) void together(all.slice(i, i + most))
}

async function together(all: Waiting[]) {
  const [first] = all
  if (!first) return
  if (all.length === 1) return void fetch(first.request).then(first.answered, first.failed)
  const giveUp = new AbortController()
  let left = all.length
  for (const w of all)
    w.request.signal.addEventListener('abort', () => --left === 0 && giveUp.abort())
  const headers = new Headers(first.request.headers)
  headers.set('Content-Type', 'application/json')
  const reads = all.map(({ request }) => request.url.slice(new URL(request.url).origin.length))
  try {
    const response = await fetch('/v1/reads', { method: 'POST', headers, body: JSON.stringify({ reads }), signal: giveUp.signal })
    // A refusal of the whole, as of a session that has ended, is one of each.
    if (!response.ok) return all.forEach((w) => w.answered(response.clone()))
    const { answers } = (await response.json()) as { answers: Answer[] }
    all.forEach((w, i) => w.answered(answerOf(answers[i])))
  } catch (e) {
    all.forEach((w) => w.failed(e))
  }
}

/** answerOf is an answer as fetch would have brought it; its body has been read already. */
function answerOf(a: Answer | undefined): Response {
  const status = a?.status ?? 502
  const response = new Response(null, { status, headers: { 'Content-Length': '1', ...(a?.etag ? { ETag: a.etag } : {}) } })
  return Object.assign(response, { json: () => Promise.resolve(a?.body), text: () => Promise.resolve(JSON.stringify(a?.body)) })
}
