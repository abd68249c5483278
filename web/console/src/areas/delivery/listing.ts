import type { Column } from '@/parts/ColumnUpload'

/** Members of one request: the API takes 10,000. */
const mostMembers = 5000

export interface RefusedRow {
  line: number
  cell: string
  code: string
}

export interface Piece {
  /** The lines of the file from which the members come, in the same order. */
  lines: number[]
  members: { kind: string; value: string }[] | { id: string }[]
}

/** inPieces cuts a column of members into requests; rows that name nobody are told at once. */
export function inPieces(c: Column, kind: string, most = mostMembers): { pieces: Piece[]; refused: RefusedRow[] } {
  const pieces: Piece[] = []
  const refused: RefusedRow[] = []
  const seen = new Set<string>()
  let lines: number[] = []
  let values: string[] = []
  const end = () => {
    if (values.length > 0) pieces.push({ lines, members: kind === 'id' ? values.map((id) => ({ id })) : values.map((value) => ({ kind, value })) })
    lines = []
    values = []
  }
  c.cells.forEach((raw, i) => {
    const cell = raw.replace(/^'/, '') // as spreadsheets guard against formulas
    if (cell === '' || (c.heading && i === 0)) return
    const line = i + 1
    const code = cell.length > 256 ? 'too_long' : seen.has(cell) ? 'duplicate_value' : kind === 'id' && !/^mem_[0-9a-z]{13}$/.test(cell) ? 'invalid_value' : ''
    if (code) {
      refused.push({ line, cell: raw, code })
      return
    }
    seen.add(cell)
    lines.push(line)
    values.push(cell)
    if (values.length === most) end()
  })
  end()
  return { pieces, refused }
}
