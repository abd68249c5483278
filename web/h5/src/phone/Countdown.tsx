import { useEffect, useState } from 'preact/hooks'
import { t } from './words'

/**
 * Countdown counts to a moment by the server's clock: the device's may be wrong. Who
 * waits comes a little apart from the others.
 */
export function Countdown({ now, to, done }: { now: string; to: string; done: () => void }) {
  const [began] = useState(() => Date.now())
  const left = () => Date.parse(to) - Date.parse(now) - (Date.now() - began)
  const [ms, setMs] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => {
      setMs(left())
      if (left() <= 0) {
        clearInterval(timer)
        setTimeout(done, Math.random() * 500)
      }
    }, 250)
    return () => clearInterval(timer)
  }, [to])
  const s = Math.max(0, Math.ceil(ms / 1000))
  const two = (n: number) => ('0' + n).slice(-2)
  const days = Math.floor(s / 86400)
  return (
    <span class="clock" role="timer">
      {days > 0 && t('days', { n: days }) + ' '}
      {two(Math.floor(s / 3600) % 24)}:{two(Math.floor(s / 60) % 60)}:{two(s % 60)}
    </span>
  )
}
