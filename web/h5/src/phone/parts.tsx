import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Problem } from './api'
import { t } from './words'

/** Trouble tells an error in plain words, with what helps somebody to find it. */
export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const p = error instanceof Problem ? error : undefined
  return (
    <div class="alert" role="alert">
      <b>{p ? p.title : t('away')}</b>
      {p && p.detail && <span>{p.detail}</span>}
      {p && p.request && <small>{t('request', { id: p.request })}</small>}
      {again && (
        <button type="button" onClick={again}>
          {t('again')}
        </button>
      )}
    </div>
  )
}

/** Sheet is a panel over the page; Escape and the button close it. */
export function Sheet({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const first = box.current && box.current.querySelector<HTMLElement>('input, button')
    if (first) first.focus()
    const key = (e: KeyboardEvent) => e.key === 'Escape' && close()
    document.addEventListener('keydown', key)
    return () => {
      document.removeEventListener('keydown', key)
      if (before) before.focus()
    }
  }, [])
  return (
    <div class="veil">
      <div class="sheet" role="dialog" aria-modal="true" aria-label={title} ref={box}>
        <header>
          <h2>{title}</h2>
          <button type="button" class="plain" onClick={close}>
            {t('close')}
          </button>
        </header>
        {children}
      </div>
    </div>
  )
}
