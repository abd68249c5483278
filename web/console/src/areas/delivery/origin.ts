/** originOf makes the origin of an address that somebody typed; what is none stays as it is, for the API to refuse. */
export function originOf(typed: string): string {
  const text = typed.trim()
  try {
    const url = new URL(/^[a-z]+:\/\//i.test(text) ? text : 'https://' + text)
    return url.origin === 'null' ? text : url.origin
  } catch {
    return text
  }
}
