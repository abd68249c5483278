const own = Intl.DateTimeFormat().resolvedOptions().timeZone

/** ownZone is where the reader's clocks stand. */
export const ownZone = () => own

/** wall is what the clocks of a zone show at a moment: "2026-11-22T18:30:00". */
export function wall(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(new Date(at))
  const p = Object.fromEntries(parts.map((x) => [x.type, x.value]))
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}`
}

/**
 * momentOf is the moment at which the clocks of a zone show a wall time. Where they show it
 * twice (the end of summer time) it is one of the two; where they leave it out, an hour beside.
 */
export function momentOf(shown: string, zone: string): string {
  const plain = Date.parse(shown + 'Z')
  const behind = (ms: number) => Date.parse(wall(new Date(ms).toISOString(), zone) + 'Z') - ms
  const first = plain - behind(plain)
  return new Date(plain - behind(first)).toISOString()
}
