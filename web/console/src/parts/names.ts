import { language } from '@/i18n'
import { inLanguage } from './texts'

/** nameOf is how operators know a template or a pack, with how customers see it where that differs. */
export function nameOf(row: { internal_name: string; customer_name?: Record<string, string> }): string {
  const seen = inLanguage(row.customer_name, language())
  return seen && seen !== row.internal_name ? `${row.internal_name} · ${seen}` : row.internal_name
}
