/** What a report counts by, and where it is called so by the reader. */
export interface Choice {
  value: string
  label: string
}

/** forms are the ways in which coupons come to members; there are no others. */
export const forms = ['claim', 'grant', 'code', 'packet', 'automatic', 'import', 'reissue'] as const

/**
 * choicesOf are the values that there are, each once and by its name, that have what was typed
 * in them. While what is typed is what is chosen already, all are offered.
 */
export function choicesOf(values: (string | undefined)[], called: (value: string) => string, typed: string, chosen: string): Choice[] {
  const want = typed === chosen ? '' : typed.trim().toLowerCase()
  return [...new Set(values)]
    .filter((v): v is string => !!v)
    .map((value) => ({ value, label: called(value) === value ? value : `${called(value)} · ${value}` }))
    .filter((c) => c.label.toLowerCase().includes(want))
    .sort((a, b) => a.label.localeCompare(b.label))
}
