import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'
import { momentOf, wall } from './zone'

dayjs.extend(utc)

interface Props {
  /** RFC 3339; undefined is none. */
  value?: string
  onChange?: (at: string | undefined) => void
  /** In whose clocks it is typed: that of the market. */
  zone: string
  id?: string
  disabled?: boolean
  'aria-label'?: string
  placeholder?: string
}

/** MomentInput is a field for a moment, typed in the clocks of a zone, which stands beside it. */
export function MomentInput({ value, onChange, zone, ...rest }: Props) {
  return (
    <DatePicker
      {...rest}
      showTime={{ format: 'HH:mm', defaultOpenValue: dayjs.utc('2000-01-01T00:00:00') }}
      showNow={false}
      format="YYYY-MM-DD HH:mm"
      // The picker knows the browser's zone only: it is given the wall time as if it were UTC.
      value={value ? dayjs.utc(wall(value, zone)) : null}
      onChange={(d) => onChange?.(d ? momentOf(d.format('YYYY-MM-DDTHH:mm:00'), zone) : undefined)}
      suffixIcon={<small style={{ color: 'var(--ant-color-text-secondary)' }}>{zone}</small>}
      style={{ width: '100%', maxWidth: 320 }}
    />
  )
}
