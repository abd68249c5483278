import { Button, type ButtonProps } from 'antd'
import { useHref, useLinkClickHandler } from 'react-router'

/** LinkButton is a link to a page of the console that looks like a button. */
export function LinkButton({ to, ...rest }: Omit<ButtonProps, 'href' | 'onClick'> & { to: string }) {
  const href = useHref(to)
  const click = useLinkClickHandler<HTMLElement>(to)
  return <Button {...rest} href={href} onClick={(e) => click(e as unknown as React.MouseEvent<HTMLElement>)} />
}
