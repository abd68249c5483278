const dates = new Map<string, Intl.DateTimeFormat>()
const numbers = new Map<string, Intl.NumberFormat>()

/** kept makes what writes moments or numbers once: making one takes longer than a hundred uses of it. */
function kept<F>(all: Map<string, F>, key: string, make: () => F): F {
  let f = all.get(key)
  if (!f) all.set(key, (f = make()))
  return f
}

/** dateFormat writes moments in a language. */
export const dateFormat = (language: string, options: Intl.DateTimeFormatOptions) => kept(dates, language + JSON.stringify(options), () => new Intl.DateTimeFormat(language, options))

/** numberFormat writes numbers in a language. */
export const numberFormat = (language: string, options: Intl.NumberFormatOptions = {}) => kept(numbers, language + JSON.stringify(options), () => new Intl.NumberFormat(language, options))
