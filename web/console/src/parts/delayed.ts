import { useEffect, useState } from 'react'

/** useDelayed is a value some time after it has stopped changing. */
export function useDelayed<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return late
}
