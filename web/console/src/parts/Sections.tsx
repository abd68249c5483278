import { Badge, Segmented } from 'antd'

interface Props<Key extends string> {
  label: string
  sections: { key: Key; label: string; count?: number }[]
  chosen: Key
  choose: (key: Key) => void
}

/** Sections chooses which part of a page is shown; on a narrow screen they scroll sideways. */
export function Sections<Key extends string>({ label, sections, chosen, choose }: Props<Key>) {
  return (
    <div style={{ overflowX: 'auto', margin: '4px 0 16px', paddingTop: 6 }}>
      <Segmented<Key>
        aria-label={label}
        value={chosen}
        onChange={choose}
        options={sections.map((s) => ({ value: s.key, label: s.count ? <span>{s.label} <Badge count={s.count} size="small" /></span> : s.label }))}
      />
    </div>
  )
}
