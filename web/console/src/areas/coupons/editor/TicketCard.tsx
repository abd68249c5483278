import { theme } from 'antd'
import { useTranslation } from 'react-i18next'

/** TicketCard is the face of a coupon as members see it. */
export function TicketCard({ name, card, lines, missing }: { name: string; card: string; lines: string[]; missing?: boolean }) {
  const { token } = theme.useToken()
  const { t } = useTranslation('coupons')
  const hole = (side: 'left' | 'right') => ({ position: 'absolute' as const, [side]: -9, top: '50%', width: 18, height: 18, borderRadius: 9, marginTop: -9, background: token.colorBgLayout })
  return (
    <div aria-label={t('side.card')} role="img" style={{ position: 'relative', borderRadius: 12, padding: '16px 24px', color: '#fff', background: 'linear-gradient(120deg, #c4320a, #9a2a0a)', overflow: 'hidden', opacity: missing ? 0.6 : 1 }}>
      <span style={hole('left')} />
      <span style={hole('right')} />
      <div style={{ fontSize: 22, fontWeight: 700, lineHeight: 1.3, overflowWrap: 'anywhere', display: '-webkit-box', WebkitLineClamp: 3, WebkitBoxOrient: 'vertical', overflow: 'hidden' }}>{card || '—'}</div>
      <div style={{ borderTop: '1px dashed rgb(255 255 255 / 60%)', margin: '12px 0 8px' }} />
      <div dir="auto" style={{ fontWeight: 600, overflowWrap: 'anywhere', unicodeBidi: 'isolate', display: '-webkit-box', WebkitLineClamp: 2, WebkitBoxOrient: 'vertical', overflow: 'hidden' }}>{name}</div>
      {lines.map((l, i) => (
        <div key={i} style={{ fontSize: 12, overflowWrap: 'anywhere' }}>
          {l}
        </div>
      ))}
    </div>
  )
}
