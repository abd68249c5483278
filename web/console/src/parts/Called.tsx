import { Link } from 'react-router'
import { calledOf, useNamed, type Kind } from './named'

/** Called is a row by its name; its id or code while that is not known. */
export function Called({ kind, id }: { kind: Kind; id?: string }) {
  const one = useNamed(kind, id)
  return <bdi>{one.data ? calledOf(one.data) : (id ?? '–')}</bdi>
}

/** TemplateName leads to a template by its name. */
export function TemplateName({ id }: { id: string }) {
  return (
    <Link to={`/coupons/templates/${id}`}>
      <Called kind="templates" id={id} />
    </Link>
  )
}
