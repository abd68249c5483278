import { useTranslation } from 'react-i18next'
import type { Schemas } from '@/api/client'
import type { Language } from '@/i18n'

interface Look {
  act: string
  ink: string
  head: [string, string]
  ground: string
  card: string
  text: string
}

/** Colours of the themes of phone pages by day, as web/h5/src/phone/style.css has them. */
export const themes: Record<Schemas['Design']['theme'], Look> = {
  plain: { act: '#0b57d0', ink: '#ffffff', head: ['#0b57d0', '#5b8def'], ground: '#f4f5f7', card: '#ffffff', text: '#1a1a1a' },
  festive: { act: '#c8102e', ink: '#ffffff', head: ['#a50d25', '#e8583a'], ground: '#fdf3ef', card: '#ffffff', text: '#1a1a1a' },
  fresh: { act: '#13703a', ink: '#ffffff', head: ['#13703a', '#6fbf73'], ground: '#f1f8f1', card: '#ffffff', text: '#1a1a1a' },
  night: { act: '#ffd479', ink: '#2b1d00', head: ['#23263a', '#4b3f72'], ground: '#0e0f13', card: '#1a1c22', text: '#f1f1f1' },
}

/** dark reports whether white letters can be read on a colour "#rrggbb". */
export function dark(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(colour.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b <= 0.36 // as the page decides
}

/** PhonePreview draws a design as a member's phone shows it, in one language. */
export function PhonePreview({ design, tongue, name }: { design: Schemas['Design']; tongue: Language; name: string }) {
  const { t } = useTranslation('delivery')
  const look = themes[design.theme] ?? themes.plain
  const act = design.colour || look.act
  const order: Language[] = [tongue, 'zh-CN', 'zh-TW', 'en']
  const text = (k: keyof Schemas['DesignText']) => order.map((l) => design.texts?.[l]?.[k]).find((x) => x) ?? ''
  const ink = design.colour ? (dark(design.colour) ? '#ffffff' : '#1a1a1a') : look.ink
  return (
    <figure aria-label={t('preview.label')} lang={tongue} style={{ width: 300, maxWidth: '100%', margin: '0 auto', border: '10px solid #1b1b1d', borderRadius: 36, overflow: 'hidden', background: look.ground, color: look.text, fontSize: 14 }}>
      <div style={{ height: 540, overflowY: 'auto' }}>
        {design.picture ? (
          <img src={`/v1/pictures/${design.picture}`} alt="" style={{ width: '100%', height: 140, objectFit: 'cover', display: 'block' }} />
        ) : (
          <div style={{ height: 72, background: `linear-gradient(135deg, ${look.head[0]}, ${look.head[1]})` }} />
        )}
        <div style={{ padding: 16 }}>
          <div style={{ fontSize: 20, fontWeight: 700, overflowWrap: 'anywhere' }}>{text('title') || name}</div>
          {text('subtitle') && <div style={{ marginTop: 4, overflowWrap: 'anywhere' }}>{text('subtitle')}</div>}
          <div style={{ marginTop: 16, padding: 14, borderRadius: 12, background: look.card, borderInlineStart: `6px solid ${act}`, boxShadow: '0 1px 4px #0002' }}>
            <strong style={{ overflowWrap: 'anywhere' }}>{name}</strong>
            <div style={{ marginTop: 4 }}>{t('preview.terms', { lng: tongue })}</div>
          </div>
          <div style={{ marginTop: 16, padding: 12, borderRadius: 12, background: act, color: ink, textAlign: 'center', fontWeight: 600 }}>{text('button') || t('preview.claim', { lng: tongue })}</div>
          {text('notes') && <p style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: 12 }}>{text('notes')}</p>}
        </div>
      </div>
    </figure>
  )
}
