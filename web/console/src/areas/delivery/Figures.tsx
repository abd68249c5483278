import { Card, Col, Row, Statistic } from 'antd'
import type { ReactNode } from 'react'

export interface Figure {
  key: string
  title: string
  value: ReactNode
  /** What it is a part of, or how it came about. */
  note?: ReactNode
}

/** Figures is a row of figures, two beside each other on a phone. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <Row gutter={[12, 12]} style={{ marginBlock: 16 }}>
      {figures.map((f) => (
        <Col key={f.key} xs={12} md={8} xl={4} style={{ display: 'flex' }}>
          <Card size="small" style={{ flex: 1, minWidth: 0 }}>
            <Statistic title={f.title} formatter={() => <span style={{ fontSize: 20, fontVariantNumeric: 'tabular-nums', overflowWrap: 'anywhere' }}>{f.value}</span>} value={0} />
            {f.note && <small className="quiet">{f.note}</small>}
          </Card>
        </Col>
      ))}
    </Row>
  )
}
