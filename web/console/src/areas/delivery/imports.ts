import i18next from 'i18next'
import { api, ask, type Schemas } from '@/api/client'
import type { Import, Row } from '@/parts/importing'
import { quoted } from '@/parts/sheet'
import { identities, identityOf } from './identities'

// An apostrophe in front is how spreadsheets keep numbers from being numbers.
const text = (row: Row, name: string) => String(row[name] ?? '').replace(/^'/, '')
const reason = (code: string) => i18next.t(`reason.${code}`, { ns: 'delivery', defaultValue: code })

/** whoOf names a row's member: by its id, or the first identity that it has. */
export function whoOf(row: Row): Schemas['Who'] {
  if (row['id'] !== undefined) return { id: text(row, 'id') }
  const kind = identities.find((k) => row[k] !== undefined) ?? 'phone'
  return { kind, value: text(row, kind) }
}

/** How files put members into a list, or take them out of it: doing it again changes nothing. */
export function listImport(code: string, remove: boolean): Import {
  const way = remove ? 'out' : 'in'
  return {
    area: 'delivery',
    what: 'bulks.members',
    many: 'members',
    size: 5_000,
    says: { title: `listing.${way}.title`, run: `listing.${way}.run`, runGood: `listing.${way}.runGood`, created: `listing.${way}.changed`, unchanged: `listing.${way}.unchanged` },
    key: (row) => text(row, 'id') || text(row, identities.find((k) => row[k] !== undefined) ?? 'phone'),
    anyOf: [...identities],
    hint: 'listing.hint',
    fields: [
      { name: 'phone', label: 'identity.phone', form: /^[^]{1,256}$/, also: ['mobile', 'tel', '手机', '手机号', '手机号码', '手機', '手機號', '手機號碼', '電話', '电话'] },
      { name: 'id', label: 'identity.id', form: /^'?mem_[0-9a-z]{13}$/, also: ['member', 'member_id', 'member id', '会员', '會員', '会员号', '會員編號', '会员编号'] },
      { name: 'email', label: 'identity.email', form: /^[^]{1,256}$/, also: ['e-mail', 'mail', '邮箱', '信箱', '電子郵件'] },
      { name: 'wechat', label: 'identity.wechat', form: /^[^]{1,256}$/, also: ['openid', 'unionid', '微信'] },
      { name: 'external', label: 'identity.external', form: /^[^]{1,256}$/, also: ['external_id', 'crm', '外部编号', '外部編號'] },
    ],
    bare: (first) => {
      const kinds = first.map((cell) => (/\d|@/.test(cell) ? identityOf(cell) || undefined : undefined))
      return kinds.some((k) => k) ? kinds.map((k, i) => (kinds.indexOf(k) === i ? k : undefined)) : undefined
    },
    send: async (rows, dry_run, key) => {
      const asked = { body: { members: rows.map(whoOf), dry_run }, params: { path: { code }, header: { 'Idempotency-Key': key } } }
      const done = await ask(remove ? api.POST('/v1/lists/{code}/members/remove', asked) : api.POST('/v1/lists/{code}/members', asked))
      return { created: done.changed, updated: 0, unchanged: done.unchanged, refused: new Map((done.unknown ?? []).map((i) => [i, reason('member_not_found')])) }
    },
  }
}

/** folded is a code without what the API does not tell apart. */
const folded = (code: string) => code.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '')

/** How files bring in codes that were made elsewhere: what is there already is known. */
export const codeImport = (batch: string): Import => ({
  area: 'delivery',
  what: 'codes.title',
  many: 'codes',
  size: 5_000,
  most: 1_000_000,
  says: { title: 'codes.importing.title', run: 'codes.importing.run', runGood: 'codes.importing.runGood', created: 'codes.importing.added', unchanged: 'codes.importing.known' },
  key: (row) => folded(text(row, 'code')),
  fields: [{ name: 'code', label: 'codes.one', required: true, form: /^[^\r\n]{1,256}$/, also: ['codes', '兑换码', '兌換碼', '券码', '券碼'] }],
  bare: (first) => {
    const long = Math.max(...first.map((cell) => (/\d/.test(cell) ? cell.length : 0)))
    const at = first.findIndex((cell) => /\d/.test(cell) && cell.length === long)
    return at < 0 ? undefined : first.map((_, i) => (i === at ? 'code' : undefined))
  },
  send: async (rows, dry_run, key) => {
    // A heading of ours, so that no code is taken for one; row 2 is the first.
    const csv = ['code', ...rows.map((r) => quoted(text(r, 'code')))].join('\n') + '\n'
    const r = await ask(api.POST('/v1/code-batches/{id}/import', { body: { csv, dry_run }, params: { path: { id: batch }, header: { 'Idempotency-Key': key } } }))
    return { created: r.added, updated: 0, unchanged: r.known, refused: new Map((r.problems ?? []).map((p) => [p.row - 2, reason(p.code)])) }
  },
})
