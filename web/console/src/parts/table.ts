/** ImportField is a field into which a column of a file may go. */
export interface ImportField {
  name: string
  /** Key of its words. */
  label: string
  required?: boolean
  /** How its cells are read; text where nothing is said. */
  kind?: 'text' | 'integer' | 'money' | 'degrees'
  /** Other headings by which files call it. */
  also?: string[]
}

const plain = (text: string) => text.toLowerCase().replace(/[\s_()（）-]/g, '')

/** guess maps the headings of a file to fields, each field once: undefined is not imported. */
export function guess(headings: string[], fields: ImportField[], labels: Record<string, string[]>): (string | undefined)[] {
  const taken = new Set<string>()
  return headings.map((h) => {
    const fit = fields.find((f) => !taken.has(f.name) && [f.name, ...(f.also ?? []), ...(labels[f.name] ?? [])].some((x) => plain(x) === plain(h)))
    if (fit) taken.add(fit.name)
    return fit?.name
  })
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
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

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
