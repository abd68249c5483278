import { Badge, Segmented } from 'antd'
import { useEffect, useRef } from 'react'

interface Props<Key extends string> {
  label: string
  sections: { key: Key; label: string; count?: number }[]
  chosen: Key
  choose: (key: Key) => void
}

/** Sections chooses which part of a page is shown; on a narrow screen they scroll sideways, to the one that is shown. */
export function Sections<Key extends string>({ label, sections, chosen, choose }: Props<Key>) {
  const row = useRef<HTMLDivElement>(null)
  const at = sections.findIndex((s) => s.key === chosen)
  useEffect(() => {
    const one = row.current?.querySelectorAll<HTMLElement>('.ant-segmented-item')[at]
    if (row.current && one) row.current.scrollLeft = one.offsetLeft - (row.current.clientWidth - one.offsetWidth) / 2
  }, [at])
  return (
    <div ref={row} style={{ overflowX: 'auto', margin: '4px 0 16px', paddingTop: 6 }}>
      <Segmented<Key>
        aria-label={label}
        value={chosen}
        onChange={choose}
        options={sections.map((s) => ({ value: s.key, label: s.count ? <span>{s.label} <Badge count={s.count} size="small" /></span> : s.label }))}
      />
    </div>
  )
}
