/** How generated codes look; see docs/guides/codes.md. */
export interface Format {
  prefix?: string
  charset?: string
  length?: number
  group?: number
}

export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Charsets that are offered by name; any other can be typed. */
export const charsets: Record<string, string> = { usual: crockford, digits: '0123456789', letters: 'ABCDEFGHJKMNPQRSTVWXYZ' }

/** shortest is how many random characters of a charset make a code that cannot be guessed: 60 bits. */
export function shortest(charset: string): number {
  return Math.ceil(60 / Math.log2(charset.length))
}

/** steady draws the same each time that a page is opened: steps of the golden ratio, which look drawn. */
export function steady(): () => number {
  let at = 0
  return () => (at = (at + 0.618_033_988_749_895) % 1)
}

/**
 * example draws how a code of a format looks: prefix, random characters, one more for the
 * check, in groups. It is none of the batch's codes. undefined while the format is none.
 */
export function example(f: Format, random: () => number = Math.random): string | undefined {
  const charset = f.charset || crockford
  const seen = charset.replaceAll('O', '0').replace(/[IL]/g, '1') // what is mistaken for another is the same
  if (charset.length < 10 || !/^[A-Z0-9]*$/.test(charset) || new Set(seen).size !== charset.length || !/^[A-Z0-9]{0,12}$/.test(f.prefix ?? '')) return undefined
  const length = f.length || shortest(charset)
  if (length < shortest(charset) || length > 24) return undefined
  const body = Array.from({ length: length + 1 }, () => charset[Math.floor(random() * charset.length)]).join('')
  const groups = f.group ? (body.match(new RegExp(`.{1,${f.group}}`, 'g')) ?? []) : [body]
  return f.group ? [...(f.prefix ? [f.prefix] : []), ...groups].join('-') : (f.prefix ?? '') + body
}
