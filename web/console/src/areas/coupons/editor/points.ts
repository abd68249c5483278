/** A place on the earth, as conditions have it. */
export interface Point {
  lat: number
  lng: number
}

/** readPoints reads "latitude, longitude" lines; null where a line is none. */
export function readPoints(text: string): Point[] | null {
  const out: Point[] = []
  for (const line of text.split(/[\n;]/)) {
    if (line.trim() === '') continue
    const m = /^\s*(-?\d{1,3}(?:\.\d+)?)[\s,，]+(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(line)
    if (!m) return null
    const p = { lat: Number(m[1]), lng: Number(m[2]) }
    if (Math.abs(p.lat) > 90 || Math.abs(p.lng) > 180) return null
    out.push(p)
  }
  return out
}

/** writePoints writes them so. */
export const writePoints = (points: Point[]): string => points.map((p) => `${p.lat}, ${p.lng}`).join('\n')
