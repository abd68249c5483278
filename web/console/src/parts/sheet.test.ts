import { deflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { csv } from './table'
import { parseCSV, readTable, Unreadable } from './sheet'

const rows = async (...parts: BlobPart[]) => (await readTable(new Blob(parts))).rows

/** zip packs texts as a workbook does. */
function zip(files: Record<string, string>): Uint8Array<ArrayBuffer> {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text] of Object.entries(files)) {
    const body = deflateRawSync(text)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(8, 8)
    head.writeUInt16LE(name.length, 26)
    const c = Buffer.alloc(46)
    c.writeUInt32LE(0x02014b50, 0)
    c.writeUInt16LE(8, 10)
    c.writeUInt32LE(body.length, 20)
    c.writeUInt32LE(Buffer.byteLength(text), 24)
    c.writeUInt16LE(name.length, 28)
    c.writeUInt32LE(at, 42)
    local.push(head, Buffer.from(name), body)
    central.push(c, Buffer.from(name))
    at += 30 + name.length + body.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(at, 16)
  return Uint8Array.from(Buffer.concat([...local, ...central, end]))
}

it('reads CSV as people have it', async () => {
  expect(await rows('phone,name\r\n138,"Li, ""A"""\r\n\r\n139,\r\n')).toEqual([['phone', 'name'], ['138', 'Li, "A"'], [''], ['139', '']])
  expect(await rows('\ufeffa;b\n1;2')).toEqual([['a', 'b'], ['1', '2']])
  expect(await rows('a\tb\n 1 \t2\n')).toEqual([['a', 'b'], ['1', '2']])
  expect(parseCSV('"a\nb",c')).toEqual([['a\nb', 'c']])
})

it('reads what Excel in China writes', async () => {
  // 手机号 in GB 18030, and in UTF-16 with its mark
  expect(await rows(Uint8Array.from([0xca, 0xd6, 0xbb, 0xfa, 0xba, 0xc5, 0x0a, 0x31]))).toEqual([['手机号'], ['1']])
  expect(await rows(Uint8Array.from([0xff, 0xfe, 0x4b, 0x62, 0x3a, 0x67]))).toEqual([['手机']])
})

it('reads the first sheet of a workbook that is seen', async () => {
  const book = zip({
    'xl/workbook.xml': '<workbook><sheets><sheet name="x" state="hidden" r:id="r1"/><sheet name="y" r:id="r2"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/sharedStrings.xml': '<sst><si><t>手机号</t></si><si><r><t>A &amp; </t></r><r><t>B</t></r></si></sst>',
    'xl/worksheets/sheet2.xml':
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="3"><c r="A3"><f>1+1</f><v>13800000000</v></c><c r="B3" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>',
  })
  expect(await rows(book)).toEqual([['手机号', '', 'A & B'], [], ['13800000000', 'x']])
})

it('says what is wrong with other files', async () => {
  const why = (b: Blob) => readTable(b).then(() => 'read', (e: unknown) => (e as Unreadable).why)
  expect(await why(new Blob([]))).toBe('empty')
  expect(await why(new Blob(['\n\n']))).toBe('empty')
  expect(await why(new Blob(['"open']))).toBe('broken')
  expect(await why(new Blob(['PK and no more']))).toBe('broken')
  expect(await why(new Blob([zip({ 'word/document.xml': '<w/>' })]))).toBe('kind')
  expect(await why(new Blob([Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 255])]))).toBe('picture')
  expect(await why(new Blob([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])]))).toBe('picture')
  expect(await why(new Blob(['%PDF-1.7']))).toBe('picture')
  expect(await why(new Blob([Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1])]))).toBe('old')
  expect(await why(new Blob(['a\0b']))).toBe('kind')
  expect(await why({ size: 200_000_000 } as Blob)).toBe('large')
  const lies = zip({ 'xl/workbook.xml': '<sheet r:id="r"/>' })
  lies.fill(1, 46, 50)
  expect(await why(new Blob([lies]))).toBe('broken')
})

it('reads no bombs', async () => {
  const why = (b: Blob) => readTable(b).then(() => 'read', (e: unknown) => (e as Unreadable).why)
  const book = (rows: string) =>
    new Blob([
      zip({
        'xl/workbook.xml': '<sheet r:id="r"/>',
        'xl/_rels/workbook.xml.rels': '<Relationship Id="r" Target="worksheets/sheet1.xml"/>',
        'xl/worksheets/sheet1.xml': rows,
      }),
    ])
  expect(await why(book('<row r="999999999"><c r="A1"><v>1</v></c></row>'))).toBe('broken')
  expect(await why(book('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'))).toBe('broken')
  expect(await why(book(Array.from({ length: 1300 }, (_, i) => `<row r="${i + 1}"><c r="XFD${i + 1}"><v>1</v></c></row>`).join('')))).toBe('cells')
  expect(await why(book('<row r="3"><c r="C3"><v>1</v></c></row>'))).toBe('read')
}, 30_000)

it('reads back what is written', async () => {
  const cells = ['名称', '=1+1', "'=1+1", "''@x", '+86 138', '-5', '@券', "'quoted'", '＝1', "'－1", 'a,"b"', '两行\n第二行', "'", '1-2']
  expect(await rows(csv(cells.map((c) => [c, 'x'])))).toEqual(cells.map((c) => [c, 'x']))
})
