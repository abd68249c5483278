import { SearchOutlined } from '@ant-design/icons'
import { Button, Grid, Input, Modal, Spin, Tag, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { matchPath, useNavigate } from 'react-router'
import { areas } from '@/areas'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { useMay } from '@/session'
import { findAll, type Hit } from './finders'
import { useEntries, where } from './Shell'

/** reachable reports whether the console has a page at the address. */
const reachable = (to: string) => areas.some((a) => a.pages.some((p) => matchPath(where(a, p), to.split('?')[0] ?? '')))

/** useSettled is a text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), 250)
    return () => window.clearTimeout(timer)
  }, [text])
  return settled
}

/** Search finds pages and things by what is known of them: Ctrl K or ⌘ K. */
export function Search() {
  const { t } = useTranslation()
  const wide = Grid.useBreakpoint().md ?? true
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault()
        setOpen((o) => !o)
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
  const apple = /Mac|iPhone|iPad/.test(navigator.platform)
  return (
    <>
      <Button icon={<SearchOutlined />} onClick={() => setOpen(true)} aria-label={t('search.label')}>
        {wide && (
          <>
            {t('search.label')} <kbd className="quiet">{apple ? '⌘ K' : 'Ctrl K'}</kbd>
          </>
        )}
      </Button>
      <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={t('search.label')} destroyOnHidden width={600}>
        <Box close={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function Box({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const go = useNavigate()
  const may = useMay()
  const entries = useEntries()
  const input = useRef<InputRef>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const asked = useSettled(text.trim())
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => findAll(asked, may, signal),
    enabled: asked.length > 1,
    staleTime: 5_000,
    gcTime: 0, // what was looked for may be a phone number
  })
  useEffect(() => setAt(0), [text])
  useEffect(() => input.current?.focus(), [])
  const words = text.trim().toLowerCase()
  const pages: Hit[] = entries
    .flatMap((e) => e.pages.map((p) => ({ kind: 'page', to: where(e.area, p), label: e.pages.length > 1 ? `${t(`nav.${e.area.key}`)} › ${t(`nav.${p.menu}`)}` : t(`nav.${e.area.key}`) })))
    .filter((h) => h.label.toLowerCase().includes(words))
  const things = words.length > 1 && asked === text.trim() ? (found.data ?? []).filter((h) => reachable(h.to)) : []
  const hits = [...things, ...pages]
  const choose = (h: Hit) => {
    close()
    void go(h.to)
  }
  return (
    <>
      <Input
        ref={input}
        value={text}
        role="combobox"
        aria-expanded
        aria-controls="search-hits"
        aria-activedescendant={hits[at] ? `search-hit-${at}` : undefined}
        placeholder={t('search.hint')}
        aria-label={t('search.hint')}
        maxLength={128}
        suffix={found.isFetching ? <Spin size="small" /> : <span />}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown') setAt((i) => Math.min(i + 1, hits.length - 1))
          else if (e.key === 'ArrowUp') setAt((i) => Math.max(i - 1, 0))
          else if (e.key === 'Enter' && hits[at] && !e.nativeEvent.isComposing) choose(hits[at])
          else return
          e.preventDefault()
        }}
      />
      <ProblemAlert error={found.error} again={() => void found.refetch()} />
      <div id="search-hits" role="listbox" aria-label={t('search.hits')} style={{ maxHeight: '55vh', overflow: 'auto', marginTop: 12 }}>
        {hits.map((h, i) => (
          <div
            key={`${h.kind} ${h.to} ${i}`}
            id={`search-hit-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseEnter={() => setAt(i)}
            onClick={() => choose(h)}
            style={{ padding: '8px 12px', borderRadius: 6, cursor: 'pointer', display: 'flex', gap: 8, background: i === at ? 'var(--ant-control-item-bg-hover)' : undefined }}
          >
            <Tag style={{ margin: 0 }}>{t(`search.kind.${h.kind}`, h.kind)}</Tag>
            <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{h.label}</span>
          </div>
        ))}
      </div>
      {hits.length === 0 && !found.isFetching && !found.error && <p className="quiet">{t('search.nothing')}</p>}
    </>
  )
}
