import { Link } from 'react-router'
import { nameOf } from '@/parts/names'
import { useOffered } from './offered'

/** TemplateName leads to a template by its name. */
export function TemplateName({ id }: { id: string }) {
  const one = useOffered({ template: id })
  return <Link to={`/coupons/templates/${id}`}>{one ? nameOf(one) : id}</Link>
}
