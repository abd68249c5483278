import type { Schemas } from '@/api/client'
import type { Permission } from '@/session'

export type Tool = Schemas['ToolRow']
export type ToolKind = Tool['kind']

/** What can be made to bring coupons to members: the page that makes it, and who may. */
export interface Way {
  key: 'link' | 'placement' | 'codes' | 'grant' | 'packet_plan' | 'pack' | 'batch' | 'desk'
  page: string
  may: Permission
}

const ways: Way[] = [
  { key: 'link', page: '/delivery/links', may: 'reference.write' },
  { key: 'placement', page: '/delivery/placements', may: 'reference.write' },
  { key: 'codes', page: '/delivery/codes', may: 'code.write' },
  { key: 'grant', page: '/delivery/grants', may: 'coupon.grant' },
  { key: 'packet_plan', page: '/delivery/packets', may: 'template.write' },
  { key: 'pack', page: '/delivery/packs', may: 'template.write' },
  { key: 'batch', page: '/coupons/batches', may: 'template.write' },
  { key: 'desk', page: '/members/desk', may: 'desk.write' },
]

/** The channel of the placements that links bring with them. */
const pageChannel = 'h5'

type Claim = Pick<Schemas['Doc']['claim'], 'automatic' | 'place'>

/**
 * waysOf are the ways that fit a template, each with the address of its form, filled in. What
 * applies by itself needs none; where only some channels may claim it, a placement begins in
 * one of them, and a link fits only if the pages' channel is among them.
 */
export function waysOf(template: Pick<Schemas['TemplateRow'], 'id' | 'market' | 'status'>, claim: Claim | undefined, may: (p: Permission) => boolean): (Way & { to: string })[] {
  if (template.status !== 'published' || claim?.automatic) return []
  const channels = claim?.place?.channels ?? []
  const inPages = channels.length === 0 || channels.includes(pageChannel)
  return ways
    .filter((w) => may(w.may) && (w.key !== 'link' || inPages))
    .map((w) => {
      const query: Record<string, string> = w.key === 'desk' ? { market: template.market, template: template.id } : { new: '1', template: template.id, ...(w.key === 'placement' && !inPages ? { channel: channels[0] ?? '' } : {}) }
      return { ...w, to: `${w.page}?${new URLSearchParams(query)}` }
    })
}

/** addressOf is the page of a tool; a link has that of its placement, the template itself none beside this one. */
export function addressOf(tool: Tool, template: string): string | undefined {
  switch (tool.kind) {
    case 'placement':
      return `/delivery/placements/${tool.id}`
    case 'link':
      return `/delivery/placements/${tool.placement}`
    case 'codes':
      return `/delivery/codes/${tool.id}`
    case 'batch':
      return `/coupons/batches?template=${template}`
    case 'pack':
      return `/delivery/packs/${tool.id}`
    case 'packet_plan':
      return `/delivery/packets/${tool.id}`
    case 'grant':
      return `/delivery/grants/${tool.id}`
    case 'desk':
      return `/members/desk?market=${tool.code}`
    case 'automatic':
      return undefined
  }
}

/** listOf is the list of all tools of a kind that give a template out, where there is one. */
export function listOf(kind: ToolKind, template: string): string | undefined {
  const way = ways.find((w) => w.key === kind)
  return way && kind !== 'desk' ? `${way.page}?template=${template}` : undefined
}

/** commandOf claims a coupon of a template by the API, as a program would. */
export const commandOf = (server: string, template: string) =>
  `curl ${server}/v1/claims -H 'Authorization: Bearer KEY' -H 'Idempotency-Key: ORDER-1' -H 'Content-Type: application/json' -d '{"template":"${template}","member":{"kind":"phone","value":"13800000000"}}'`
