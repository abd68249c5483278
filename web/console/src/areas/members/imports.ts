import i18next from 'i18next'
import { api, ask, type Schemas } from '@/api/client'
import { inWords, type Import, type Row } from '@/parts/importing'

/** Kinds of identity that have a column; the first that a row has is the one it is called by. */
const kinds = ['phone', 'email', 'wechat', 'external'] as const

type Part = Schemas['MemberFactsPart']

const nameOf = (row: Row): string => String(row['id'] ?? kinds.map((k) => row[k]).find((v) => v !== undefined) ?? '')

/** partOf is a row of a file as the feed of members takes it. */
export function partOf(row: Row): Part {
  const identities = kinds.flatMap((kind) => (row[kind] === undefined ? [] : [{ kind, value: String(row[kind]) }]))
  const [first, ...further] = identities
  const member = row['id'] !== undefined ? { id: String(row['id']) } : (first ?? { kind: 'phone', value: '' })
  const more = row['id'] !== undefined ? identities : further
  const attributes: Record<string, string> = { ...(row['attributes'] as Record<string, string> | undefined), ...(row['own'] as Record<string, string> | undefined) }
  if (row['tier'] !== undefined) attributes['tier'] = String(row['tier'])
  return {
    member,
    ...(more.length > 0 ? { identities: more } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(row['tags'] ? { tags: row['tags'] as string[] } : {}),
    ...(row['add_tags'] ? { add_tags: row['add_tags'] as string[] } : {}),
    ...(row['remove_tags'] ? { remove_tags: row['remove_tags'] as string[] } : {}),
  }
}

/** How files become members: whom a row means is found by its id or any of its identities. Doing it again changes nothing. */
export const memberImport: Import = {
  area: 'members',
  what: 'list.title',
  many: 'members',
  key: nameOf,
  anyOf: ['id', ...kinds],
  hint: 'import.hint',
  fields: [
    { name: 'id', label: 'import.id', also: ['member', 'member_id', 'member id', '会员号', '會員編號', '会员编号'] },
    { name: 'phone', label: 'kind.phone', also: ['mobile', 'tel', '手机', '手机号', '手机号码', '手機', '手機號碼', '電話', '电话'] },
    { name: 'email', label: 'kind.email', also: ['e-mail', 'mail', '邮箱', '電子郵件', '信箱'] },
    { name: 'wechat', label: 'kind.wechat', also: ['openid', 'unionid', '微信'] },
    { name: 'external', label: 'kind.external', also: ['external_id', 'crm', '外部编号', '外部編號'] },
    { name: 'tier', label: 'list.tier', also: ['level', '等级', '會員等級', '会员等级'] },
    { name: 'tags', label: 'import.tags', kind: 'words', also: ['tag', '标签', '標籤'] },
    { name: 'add_tags', label: 'import.addTags', kind: 'words' },
    { name: 'remove_tags', label: 'import.removeTags', kind: 'words' },
    { name: 'attributes', label: 'import.attributes', kind: 'object' },
    { name: 'own', label: 'import.own', kind: 'own' },
  ],
  send: async (rows, dry_run, key) => {
    const parts = rows.map(partOf)
    const done = await ask(api.POST('/v1/members/facts', { params: { header: { 'Idempotency-Key': key } }, body: { create: true, dry_run, members: parts } }))
    const fed = { created: 0, updated: 0, unchanged: 0, refused: new Map<number, string>() }
    done.items.forEach((x, i) => {
      if (x.status === 'refused') fed.refused.set(i, why(x.problem, i, parts[i]))
      else fed[x.status]++
    })
    return fed
  },
}

const words = (key: string) => i18next.t(key, { ns: 'members' })

/** why says a refusal with the word of the column that it is about. */
function why(p: Schemas['Problem'] | undefined, i: number, part: Part | undefined): string {
  const all = p?.errors && p.errors.length > 0 ? p.errors : [{ pointer: p?.pointer, detail: p?.detail ?? '' }]
  return all.map((e) => inWords(e.detail, e.pointer ?? '', column((e.pointer ?? '').replace(`/members/${i}/`, ''), part), memberImport, words)).join(' ')
}

/** column is the field of a file behind a place in the row that was sent. */
export function column(place: string, part: Part | undefined): string {
  const further = /^identities\/(\d+)\//.exec(place)
  if (further) return part?.identities?.[Number(further[1])]?.kind ?? place
  if (place.startsWith('member/')) return part?.member.id ? 'id' : (part?.member.kind ?? place)
  return place.replace('attributes/tier', 'tier')
}
