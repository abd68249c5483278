import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

// compress replaces each built file by .br and .gz of it, which the program sends as
// they are. Pages stay as they are too, because each answer writes its nonce in.
export function compress(folder: string) {
  return {
    name: 'compress',
    apply: 'build' as const,
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || /\.(html|br|gz)$/.test(entry.name)) continue
        const path = join(entry.parentPath, entry.name)
        const text = readFileSync(path)
        if (/\.(png|jpg|webp|woff2)$/.test(entry.name)) continue
        writeFileSync(path + '.br', brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }))
        writeFileSync(path + '.gz', gzipSync(text, { level: 9 }))
        rmSync(path)
      }
    },
  }
}
