import { Problem, type Schemas } from '@/api/client'
import { readMoney } from './money'
import { chunks, Wrong, type ImportField } from './table'

/** Rows of one request where an import says nothing else: the API takes as many of each list. */
export const batch = 500

/** Bounds of a file whose columns somebody says the meaning of. */
export const mostRows = 200_000
export const mostColumns = 100

/** Fed counts what became of rows. */
export type Fed = Schemas['FedBody']

/** Sent is what became of one batch: where rows have fates of their own, those that are refused by their place in it. */
export interface Sent extends Fed {
  refused?: Map<number, string>
}

export type Row = Record<string, unknown>

/** Import says how rows of a file become rows of a list. Its words are in the area's files. */
export interface Import {
  /** Namespace of the words, and the key of what is imported. */
  area: string
  what: string
  fields: ImportField[]
  /** Name of the list in the body that send makes: faults point at /NAME/3/field. */
  many: string
  /** What names a row: no two rows of a file may be called the same. */
  key: (row: Row) => string
  /** At least one of these fields has to have a column. */
  anyOf?: string[]
  /** Said above the mapping. */
  hint?: string
  send: (rows: Row[], dry: boolean, key: string) => Promise<Sent>
  /** Currency of a row's amounts. */
  currency?: (row: Row) => string | undefined
  /** Asked once, before rows are read. */
  prepare?: () => Promise<void>
  /** Rows of one request, where it is not batch. */
  size?: number
  /** Rows of a file, where it is not mostRows. */
  most?: number
  /** Keys of its own words, where rows do not become new or changed. */
  says?: Record<Said, string>
  /** What the columns hold of a file whose first row is no heading; undefined where it is one. */
  bare?: (first: string[]) => (string | undefined)[] | undefined
}

/** Said are the words of the dialog that an import can have of its own. */
export type Said = 'title' | 'run' | 'runGood' | 'created' | 'unchanged'

/** Line is a row of the file that is not empty. */
export interface Line {
  number: number
  cells: string[]
}

/** Bad is a row that is not imported, and why. */
export interface Bad extends Line {
  key: string
  why: string
}

export interface Ready extends Line {
  row: Row
}

/** Says is how words are found: of the dialog (t), and of the area (words). */
export interface Says {
  t: (key: string, values?: Record<string, unknown>) => string
  words: (key: string) => string
}

const asText = (f: ImportField) => !f.kind || f.kind === 'text'

/** split cuts a cell into words as people and exports write them. */
export const split = (text: string) => [...new Set(text.split(/[;；,，、\n]/).map((w) => w.trim()).filter((w) => w))]

/** rowsOf reads the lines behind the heading; what can't be read is told by row. map says which field each column is. */
export function rowsOf(of: Import, headings: string[], lines: Line[], map: (string | undefined)[], { t, words }: Says): { good: Ready[]; bad: Bad[] } {
  const good: Ready[] = []
  const bad: Bad[] = []
  const seen = new Map<string, number>()
  const fields = new Map(of.fields.map((f) => [f.name, f]))
  for (const line of lines) {
    const row: Row = {}
    try {
      const extra = line.cells.findIndex((c, i) => i >= headings.length && c !== '')
      if (extra >= 0) throw new Wrong('', t('import.extra', { column: extra + 1, count: headings.length }))
      const cells = map.map((name, i) => ({ field: name === undefined ? undefined : fields.get(name), text: line.cells[i] ?? '', heading: headings[i] ?? '' }))
      for (const f of of.fields) if (f.required && !cells.some((c) => c.field === f && c.text !== '')) throw new Wrong(f.name, t('required'))
      for (const { field: f, text } of cells) if (f && asText(f) && text !== '') row[f.name] = text
      for (const { field: f, text } of cells) if (f?.form && text !== '' && !f.form.test(text)) throw new Wrong(f.name, t('import.form'))
      for (const { field: f, text, heading } of cells) if (f && !asText(f) && text !== '') put(row, f, heading, read(f, text, heading, of.currency?.(row), t))
      const key = of.key(row)
      if (of.anyOf && key === '') throw new Wrong('', t('import.nobody'))
      const twin = seen.get(key)
      if (twin !== undefined) throw new Wrong('', t('import.twice', { row: twin }))
      seen.set(key, line.number)
      good.push({ ...line, row })
    } catch (e) {
      if (!(e instanceof Wrong)) throw e
      const field = fields.get(e.field)
      bad.push({ ...line, key: of.key(row), why: field ? `${words(field.label)}: ${e.message}` : e.message })
    }
  }
  return { good, bad }
}

/** put sets a field of a row: a column of a field that each brings its own name is an entry of it. */
function put(row: Row, f: ImportField, heading: string, value: unknown) {
  if (f.kind === 'own') row[f.name] = { ...(row[f.name] as object | undefined), [heading.trim()]: value }
  else if (f.kind === 'object') row[f.name] = { ...(value as object), ...(row[f.name] as object | undefined) }
  else row[f.name] = value
}

function read(f: ImportField, text: string, heading: string, currency: string | undefined, t: Says['t']): unknown {
  switch (f.kind) {
    case 'own':
      return text
    case 'words':
      return split(text)
    case 'object':
      return object(f, text, t)
    case 'degrees': {
      if (/_e6$/i.test(heading.trim())) break
      const degrees = Number(text)
      if (!Number.isFinite(degrees)) throw new Wrong(f.name, t('import.number'))
      return Math.round(degrees * 1e6)
    }
    case 'money': {
      // "price_minor", as lists are exported, is in smallest units; "price" is as people write it.
      if (/_minor$/i.test(heading.trim())) break
      const minor = currency ? readMoney(text, currency) : null
      if (minor === null) throw new Wrong(f.name, t('import.money'))
      return minor
    }
  }
  if (!/^-?\d{1,15}$/.test(text)) throw new Wrong(f.name, t('import.number'))
  return Number(text)
}

/** object is a cell with names and their values, as exports write them. */
function object(f: ImportField, text: string, t: Says['t']): Record<string, string> {
  try {
    const v = JSON.parse(text) as unknown
    if (typeof v === 'object' && v !== null && !Array.isArray(v) && Object.values(v).every((x) => typeof x === 'string')) return v as Record<string, string>
  } catch {
    // Not JSON.
  }
  throw new Wrong(f.name, t('import.object'))
}

/** faults are the refusals of a batch by row. */
export function faults(p: Problem, of: Pick<Import, 'many' | 'fields'>, words: (key: string) => string): Map<number, string> {
  const out = new Map<number, string>()
  const all = p.errors.length > 0 ? p.errors : [{ pointer: p.pointer, detail: p.detail }]
  for (const e of all) {
    const pointer = e.pointer ?? ''
    const m = new RegExp(`^/${of.many}/(\\d+)/?(.*)$`).exec(pointer)
    if (!m) continue
    const why = inWords(e.detail, pointer, m[2] ?? '', of, words)
    out.set(Number(m[1]), [out.get(Number(m[1])), why].filter((x) => x).join(' '))
  }
  return out
}

/** inWords says a refusal with the field's word: whoever has a file before them knows no pointers. */
export function inWords(detail: string, pointer: string, name: string, of: Pick<Import, 'fields'>, words: (key: string) => string): string {
  const field = of.fields.find((f) => f.name === name || name.startsWith(f.name + '/'))
  return field ? detail.replaceAll(pointer, words(field.label)) : detail
}

/** Trial is what trying a file has told. */
export interface Trial {
  good: Ready[]
  bad: Bad[]
  fed: Fed
}

const nothing = (): Fed => ({ created: 0, updated: 0, unchanged: 0 })

function add(to: Fed, more: Fed) {
  to.created += more.created
  to.updated += more.updated
  to.unchanged += more.unchanged
}

/** tried sends all rows without writing; a batch that is refused for some of its rows is tried again without them. */
export async function tried(of: Import, rows: { good: Ready[]; bad: Bad[] }, words: Says['words'], newKey: () => string, progress: (share: number) => void): Promise<Trial> {
  const out: Trial = { good: [], bad: rows.bad.slice(), fed: nothing() }
  const all = chunks(rows.good, of.size ?? batch)
  for (const [n, part] of all.entries()) {
    let left = part
    const leave = (found: Map<number, string>) => {
      for (const [i, why] of found) {
        const r = left[i]
        if (r) out.bad.push({ number: r.number, cells: r.cells, key: of.key(r.row), why })
      }
      left = left.filter((_, i) => !found.has(i))
    }
    while (left.length > 0) {
      try {
        const sent = await of.send(left.map((r) => r.row), true, newKey())
        add(out.fed, sent)
        if (sent.refused) leave(sent.refused)
        break
      } catch (e) {
        const found = e instanceof Problem ? faults(e, of, words) : new Map<number, string>()
        if (found.size === 0) throw e
        leave(found)
      }
    }
    out.good.push(...left)
    progress(Math.floor((100 * (n + 1)) / all.length))
  }
  out.bad.sort((a, b) => a.number - b.number)
  return out
}

/** Run is an import on its way: what broke off goes on where it was, under the keys that it had. */
export interface Run {
  parts: Ready[][]
  keys: string[]
  done: number
  fed: Fed
  /** Rows that were good when they were tried, and are not any more. */
  bad: Bad[]
}

export const begun = (of: Pick<Import, 'size'>, good: Ready[], newKey: () => string): Run => {
  const parts = chunks(good, of.size ?? batch)
  return { parts, keys: parts.map(() => newKey()), done: 0, fed: nothing(), bad: [] }
}

/** run imports batch by batch; told after each. It throws where one fails, and may be called again. */
export async function run(of: Import, r: Run, told: () => void) {
  for (; r.done < r.parts.length; r.done++, told()) {
    const part = r.parts[r.done] ?? []
    const sent = await of.send(part.map((x) => x.row), false, r.keys[r.done] ?? '')
    add(r.fed, sent)
    for (const [i, why] of sent.refused ?? []) {
      const x = part[i]
      if (x) r.bad.push({ number: x.number, cells: x.cells, key: of.key(x.row), why })
    }
  }
}
