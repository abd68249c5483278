import { bare } from './table'

/**
 * Tables that people upload are read in their browser: only what is wanted leaves it, and
 * a file that is none, or too much, is refused at once. CSV in UTF-8, UTF-16 or GB 18030, divided by commas, semicolons or tabs;
 * of an Excel workbook the first sheet that is not hidden, formulas by their stored value.
 */
export interface Table {
  /** Rows in their order, the first one at line 1; empty ones are there. */
  rows: string[][]
  columns: number
}

/** Unreadable says that a file is no table, and in which way. */
export class Unreadable extends Error {
  constructor(readonly why: 'empty' | 'large' | 'cells' | 'kind' | 'picture' | 'old' | 'broken') {
    super(why)
  }
}

/** mostBytes is the size of a file, and of what it unpacks to, up to which it is read. */
export const mostBytes = 32_000_000
const mostUnpacked = 256_000_000

/** Bounds of what a table holds: a small file can say that it has very much. */
const mostCells = 20_000_000
const mostSheetRows = 1_048_576
const mostSheetColumns = 16_384

/** Beginnings of files that are no tables, whatever they are called. */
const others: [RegExp, 'picture' | 'old'][] = [
  [/^(\x89PNG|\xff\xd8\xff|GIF8|BM|RIFF....WEBP|%PDF|....ftyp)/s, 'picture'],
  [/^\xd0\xcf\x11\xe0/, 'old'],
]

/** readTable reads an uploaded file. Throws Unreadable. */
export async function readTable(file: Blob): Promise<Table> {
  if (file.size === 0) throw new Unreadable('empty')
  if (file.size > mostBytes) throw new Unreadable('large')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const begins = String.fromCharCode(...bytes.subarray(0, 16))
  for (const [what, why] of others) if (what.test(begins)) throw new Unreadable(why)
  const rows = bytes[0] === 0x50 && bytes[1] === 0x4b ? await workbook(bytes) : parseCSV(decoded(bytes))
  while (rows.length > 0 && (rows[rows.length - 1] ?? []).every((c) => c === '')) rows.pop()
  if (rows.length === 0) throw new Unreadable('empty')
  return { rows, columns: rows.reduce((n, r) => Math.max(n, r.length), 0) }
}

function decoded(bytes: Uint8Array): string {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
  const encodings = mark === 0xfffe ? ['utf-16le'] : mark === 0xfeff ? ['utf-16be'] : ['utf-8', 'gb18030']
  for (const e of encodings) {
    try {
      const text = new TextDecoder(e, { fatal: true }).decode(bytes)
      if (!text.includes('\0')) return text
    } catch {
      // Not in this one.
    }
  }
  throw new Unreadable('kind')
}

/** parseCSV reads comma-separated values, or what semicolons or tabs divide. */
export function parseCSV(text: string): string[][] {
  const first = text.slice(0, text.indexOf('\n') + 1 || text.length)
  const divider = first.includes(',') ? ',' : first.includes(';') ? ';' : first.includes('\t') ? '\t' : ','
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  let cells = 0
  const cell = (s: string) => {
    if (++cells > mostCells) throw new Unreadable('cells')
    row.push(bare(s.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')))
  }
  const end = () => {
    rows.push(row)
    row = []
  }
  while (at < text.length) {
    if (text[at] === '"') {
      let s = ''
      for (at++; ; ) {
        const q = text.indexOf('"', at)
        if (q < 0) throw new Unreadable('broken')
        s += text.slice(at, q)
        at = q + 1
        if (text[at] !== '"') break
        s += '"'
        at++
      }
      while (at < text.length && text[at] !== divider && text[at] !== '\n') at++
      cell(s)
    } else {
      let stop = at
      while (stop < text.length && text[stop] !== divider && text[stop] !== '\n') stop++
      cell(text.slice(at, stop))
      at = stop
    }
    if (at >= text.length) break
    if (text[at] === '\n') end()
    else if (at === text.length - 1) row.push('')
    at++
  }
  if (row.length > 0) end()
  return rows
}

async function workbook(bytes: Uint8Array): Promise<string[][]> {
  const parts = directory(bytes)
  const read = async (name: string) => {
    const p = parts.get(name)
    return p ? new TextDecoder().decode(await unpacked(bytes, p)) : ''
  }
  const book = await read('xl/workbook.xml')
  const sheet = [...book.matchAll(/<sheet\b[^>]*>/g)].map((m) => m[0]).find((s) => !/state="(hidden|veryHidden)"/.test(s))
  const id = /r:id="([^"]+)"/.exec(sheet ?? '')?.[1]
  const target = [...(await read('xl/_rels/workbook.xml.rels')).matchAll(/<Relationship\b[^>]*>/g)].map((m) => m[0]).find((r) => r.includes(`Id="${id}"`))
  const path = /Target="\/?(?:xl\/)?([^"]+)"/.exec(target ?? '')?.[1]
  if (!path) throw new Unreadable('kind')
  const shared = [...(await read('xl/sharedStrings.xml')).matchAll(/<si\b[^>]*>([\s\S]*?)<\/si>/g)].map((m) => texts(m[1] ?? ''))
  const rows: string[][] = []
  let cells = 0
  for (const r of (await read(`xl/${path}`)).matchAll(/<row\b([^>]*?)(?:\/>|>([\s\S]*?)<\/row>)/g)) {
    const number = Number(/\br="(\d+)"/.exec(r[1] ?? '')?.[1] ?? rows.length + 1)
    if (number > mostSheetRows) throw new Unreadable('broken')
    while (rows.length < number - 1) rows.push([])
    const row: string[] = []
    for (const c of (r[2] ?? '').matchAll(/<c\b([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const column = columnOf(/\br="([A-Z]+)\d+"/.exec(c[1] ?? '')?.[1]) ?? row.length
      if (column >= mostSheetColumns) throw new Unreadable('broken')
      if ((cells += column + 1 - row.length) > mostCells) throw new Unreadable('cells')
      while (row.length < column) row.push('')
      const kind = /\bt="(\w+)"/.exec(c[1] ?? '')?.[1]
      const value = /<v\b[^>]*>([\s\S]*?)<\/v>/.exec(c[2] ?? '')?.[1] ?? ''
      row[column] = (kind === 's' ? (shared[Number(value)] ?? '') : kind === 'inlineStr' ? texts(c[2] ?? '') : plain(value)).trim()
    }
    rows.push(row)
  }
  return rows
}

/** columnOf counts columns from 0: A, B … Z, AA. */
function columnOf(name: string | undefined): number | undefined {
  if (!name) return undefined
  return [...name].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1
}

const texts = (xml: string) => [...xml.replace(/<rPh\b[\s\S]*?<\/rPh>/g, '').matchAll(/<t\b[^>]*>([\s\S]*?)<\/t>/g)].map((m) => plain(m[1] ?? '')).join('')

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const plain = (xml: string) => xml.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex?: string, dec?: string, name?: string) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : (named[name ?? ''] ?? all)))

interface Part {
  at: number
  packed: number
  size: number
  method: number
}

/** directory finds the parts of a zip file by its central directory. */
function directory(bytes: Uint8Array): Map<string, Part> {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.length - 22
  while (end >= 0 && v.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw new Unreadable('broken')
  const parts = new Map<string, Part>()
  let at = v.getUint32(end + 16, true)
  for (let n = v.getUint16(end + 10, true); n > 0; n--) {
    if (at + 46 > bytes.length || v.getUint32(at, true) !== 0x02014b50) throw new Unreadable('broken')
    const [name, extra, comment] = [v.getUint16(at + 28, true), v.getUint16(at + 30, true), v.getUint16(at + 32, true)]
    parts.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), { method: v.getUint16(at + 10, true), packed: v.getUint32(at + 20, true), size: v.getUint32(at + 24, true), at: v.getUint32(at + 42, true) })
    at += 46 + name + extra + comment
  }
  return parts
}

async function unpacked(bytes: Uint8Array, p: Part): Promise<Uint8Array> {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (p.size > mostUnpacked) throw new Unreadable('large')
  if (p.at + 30 > bytes.length) throw new Unreadable('broken')
  const from = p.at + 30 + v.getUint16(p.at + 26, true) + v.getUint16(p.at + 28, true)
  const packed = bytes.slice(from, from + p.packed)
  if (p.method === 0) return packed
  if (p.method !== 8) throw new Unreadable('kind')
  try {
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
    const out = new Uint8Array(p.size)
    for (let n = 0; ; ) {
      const { done, value } = await reader.read()
      if (done) return out.subarray(0, n)
      if (n + value.length > p.size) throw new Unreadable('broken') // it unpacks to more than it says
      out.set(value, n)
      n += value.length
    }
  } catch {
    throw new Unreadable('broken')
  }
}

/** quoted is a cell of a file that programs read: as it is. */
export const quoted = (s: string) => (/[",;\t\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s)

/** save hands a text to the browser as a file. */
export function save(name: string, text: string, type = 'text/csv;charset=utf-8') {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
