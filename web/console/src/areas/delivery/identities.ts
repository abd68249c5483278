import { filled, type Column } from '@/parts/ColumnUpload'
import { quoted } from '@/parts/sheet'

/** Kinds of identity by which files name members; the API takes any other short word too. */
export const identities = ['phone', 'id', 'email', 'wechat', 'external'] as const

const headings: [RegExp, string][] = [
  [/^(phone|mobile|tel|手机|手机号|手機|手機號|手機號碼|電話|电话|手机号码)$/i, 'phone'],
  [/^(id|member|member_id|会员|會員|会员号|會員編號|会员编号)$/i, 'id'],
  [/^(e-?mail|邮箱|信箱|電子郵件)$/i, 'email'],
  [/^(wechat|openid|微信)$/i, 'wechat'],
]

/** identityOf is the kind of identity that a heading or a first cell speaks of, "" for none. */
export function identityOf(cell: string): string {
  for (const [re, kind] of headings) if (re.test(cell.trim())) return kind
  if (/^mem_[0-9a-z]+$/.test(cell)) return 'id'
  if (/^'?\+?\d{8,15}$/.test(cell)) return 'phone'
  if (/^[^@\s]+@[^@\s]+$/.test(cell)) return 'email'
  return ''
}

/** guessColumn is the first column that seems to name members. */
export const guessColumn = (headings: string[]) => headings.findIndex((h) => identityOf(h) !== '')

/** kindOf is what a column names members by, as far as its first cells tell. */
export function kindOf(c: Column): string {
  return identityOf(c.cells[0] ?? '') || identityOf(c.cells.find((x, i) => i > 0 && x !== '') ?? '') || 'phone'
}

/**
 * asMembers is the column as the API reads members: a heading that says the kind, and a
 * line for each line of the file, so that reports speak of the file's own lines.
 */
export function asMembers(c: Column, kind: string): string {
  const rows = c.heading ? c.cells.slice(1) : c.cells
  return [kind, ...rows.map(quoted)].join('\n') + '\n'
}

/** linesShifted is by how much the lines of asMembers lie behind those of the file. */
export const linesShifted = (c: Column) => (c.heading ? 0 : 1)

export { filled }
