import type { Schemas } from '@/api/client'
import { useNamed } from '@/parts/named'

/** useOffered is the template or pack of an id. */
export function useOffered({ template, pack }: { template?: string; pack?: string }): Schemas['TemplateRow'] | Schemas['PackRow'] | undefined {
  const one = useNamed('templates', template).data
  const several = useNamed('packs', template ? undefined : pack).data
  return one ?? several
}
