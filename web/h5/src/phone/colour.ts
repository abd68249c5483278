/** light is the relative luminance of a colour "#rrggbb" or "#rgb", from 0 to 1. */
function light(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour
  const part = (i: number) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

/** bright reports whether dark letters read better on a colour. */
export const bright = (colour: string): boolean => light(colour) > 0.36

/** reads reports whether letters of a colour can be read on another one: 4.5 to 1 or more. */
export function reads(ink: string, ground: string): boolean {
  const [a, b] = [light(ink), light(ground)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) >= 4.5
}

/**
 * dress gives the document the theme and the colour of a page. A colour that can't be read
 * on the ground of cards is one for buttons only: letters keep the page's own.
 */
export function dress(theme: string, colour?: string) {
  const root = document.documentElement
  root.setAttribute('data-theme', theme)
  if (!colour) return
  root.style.setProperty('--act', colour)
  root.style.setProperty('--act-ink', bright(colour) ? '#1a1a1a' : '#fff')
  const say = () => {
    const ground = getComputedStyle(root).getPropertyValue('--card').trim()
    root.style.setProperty('--say', reads(colour, ground) ? colour : 'var(--ink)')
  }
  say()
  const night = matchMedia('(prefers-color-scheme: dark)') as Partial<MediaQueryList>
  if (night.addEventListener) night.addEventListener('change', say) // not in old WebViews
}
