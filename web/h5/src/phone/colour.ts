/** bright reports whether dark letters read better on a colour "#rrggbb". */
export function bright(colour: string): boolean {
  const part = (i: number) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.36
}

/** dress gives the document the theme and the colour of a page. */
export function dress(theme: string, colour?: string) {
  const root = document.documentElement
  root.setAttribute('data-theme', theme)
  if (colour) {
    root.style.setProperty('--act', colour)
    root.style.setProperty('--act-ink', bright(colour) ? '#1a1a1a' : '#fff')
  }
}
