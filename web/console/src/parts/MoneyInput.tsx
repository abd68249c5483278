import { Input } from 'antd'
import { useEffect, useState } from 'react'
import { plainMoney, readMoney } from './money'

interface Props {
  /** Smallest units; undefined is nothing typed. */
  value?: number
  onChange?: (minor: number | undefined) => void
  currency: string
  id?: string
  disabled?: boolean
  'aria-label'?: string
}

/** MoneyInput is a field for an amount: typed in the currency, given in smallest units. */
export function MoneyInput({ value, onChange, currency, ...rest }: Props) {
  const [text, setText] = useState(value === undefined ? '' : plainMoney(value, currency))
  const [wrong, setWrong] = useState(false)
  useEffect(() => {
    // What is typed stays as it is typed ("12.") as long as it means the value.
    setText((now) => ((readMoney(now, currency) ?? undefined) === value ? now : value === undefined ? (wrong ? now : '') : plainMoney(value, currency)))
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [value, currency])
  return (
    <Input
      {...rest}
      value={text}
      inputMode="decimal"
      status={wrong ? 'error' : undefined}
      suffix={currency}
      style={{ maxWidth: 220 }}
      onChange={(e) => {
        const t = e.target.value
        setText(t)
        const minor = t.trim() === '' ? undefined : readMoney(t, currency)
        setWrong(minor === null)
        onChange?.(minor ?? undefined)
      }}
    />
  )
}
