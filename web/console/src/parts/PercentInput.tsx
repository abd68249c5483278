import { Input } from 'antd'
import { useEffect, useState } from 'react'
import { plainPercent, readPercent } from './percent'

interface Props {
  /** Basis points; undefined is nothing typed. */
  value?: number
  onChange?: (bps: number | undefined) => void
  id?: string
  disabled?: boolean
  'aria-label'?: string
}

/** PercentInput is a field for a percentage, given in basis points. */
export function PercentInput({ value, onChange, ...rest }: Props) {
  const [text, setText] = useState(value === undefined ? '' : plainPercent(value))
  const wrong = text.trim() !== '' && readPercent(text) === null
  useEffect(() => {
    setText((now) => ((readPercent(now) ?? undefined) === value ? now : value === undefined ? now : plainPercent(value)))
  }, [value])
  return (
    <Input
      {...rest}
      value={text}
      inputMode="decimal"
      status={wrong ? 'error' : undefined}
      suffix="%"
      style={{ maxWidth: 160 }}
      onChange={(e) => {
        setText(e.target.value)
        onChange?.(readPercent(e.target.value) ?? undefined)
      }}
    />
  )
}
