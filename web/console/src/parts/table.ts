/** ImportField is a field into which a column of a file may go. */
export interface ImportField {
  name: string
  /** Key of its words. */
  label: string
  required?: boolean
  /**
   * How its cells are read; text where nothing is said. Words are divided by commas or
   * semicolons, an object is JSON, and of a field of the kind own each column brings its
   * own name: several columns may be it.
   */
  kind?: 'text' | 'integer' | 'money' | 'degrees' | 'words' | 'object' | 'own'
  /** How a text has to look. */
  form?: RegExp
  /** Other headings by which files call it. */
  also?: string[]
}

const plain = (text: string) => text.toLowerCase().replace(/[\s_()（）-]/g, '')

/** Remembered is what somebody said about headings before: '' for "not imported". */
export type Remembered = Record<string, string>

/**
 * guess maps the headings of a file to fields, each field once: undefined is not imported.
 * What was said before of a heading holds; else the field's names and words, in all languages.
 */
export function guess(headings: string[], fields: ImportField[], labels: Record<string, string[]>, before: Remembered = {}): (string | undefined)[] {
  const taken = new Set<string>()
  const free = (f: ImportField) => f.kind === 'own' || !taken.has(f.name)
  const take = (f: ImportField | undefined) => {
    if (f) taken.add(f.name)
    return f?.name
  }
  const known = headings.map((h) => (Object.hasOwn(before, plain(h)) ? before[plain(h)] : undefined))
  const said = known.map((name) => take(fields.find((f) => f.name === name && free(f))))
  return headings.map((h, i) => {
    if (said[i] || known[i] === '') return said[i]
    return take(fields.find((f) => free(f) && [f.name, ...(f.also ?? []), ...(labels[f.name] ?? [])].some((x) => plain(x) === plain(h))))
  })
}

/** remember adds what somebody said of headings to what was said before. */
export function remember(before: Remembered, headings: string[], map: (string | undefined)[]): Remembered {
  return { ...before, ...Object.fromEntries(headings.map((h, i): [string, string] => [plain(h), map[i] ?? '']).filter(([h]) => h !== '')) }
}

/** Wrong says that a cell can't be what its field wants. */
export class Wrong extends Error {
  readonly field: string
  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** safeCell is a cell of a CSV file that no spreadsheet takes for a formula, quoted where it has to be. */
export function safeCell(text: string): string {
  // An apostrophe in front of one is not lost either: it gets a second.
  const safe = /^'*[=+\-@\t\r\n\0＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** bare is the text of a cell that safeCell kept from being a formula. */
export const bare = (cell: string) => (/^'+[=+\-@\t\r\n\0＝＋－＠]/.test(cell) ? cell.slice(1) : cell)

/** csv writes a table as Excel opens it. */
export function csv(rows: string[][]): string {
  return '\ufeff' + rows.map((r) => r.map(safeCell).join(',') + '\r\n').join('')
}

/** chunks cuts a list into pieces of at most so many. */
export function chunks<T>(list: T[], most: number): T[][] {
  const out: T[][] = []
  for (let i = 0; i < list.length; i += most) out.push(list.slice(i, i + most))
  return out
}
