import { SearchOutlined } from '@ant-design/icons'
import { Button, Grid, Input, List, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useEntries, where } from './Shell'

/** Search goes to anything by its name: Ctrl K or ⌘ K. */
export function Search() {
  const { t } = useTranslation()
  const go = useNavigate()
  const entries = useEntries()
  const wide = Grid.useBreakpoint().md ?? true
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
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
  const words = text.trim().toLowerCase()
  const hits = entries
    .flatMap((e) => e.pages.map((p) => ({ to: where(e.area, p), label: e.pages.length > 1 ? `${t(`nav.${e.area.key}`)} › ${t(`nav.${p.menu}`)}` : t(`nav.${e.area.key}`) })))
    .filter((h) => h.label.toLowerCase().includes(words))
  const choose = (to: string) => {
    setOpen(false)
    setText('')
    void go(to)
  }
  return (
    <>
      <Button icon={<SearchOutlined />} onClick={() => setOpen(true)} aria-label={t('search.label')}>
        {wide && (
          <>
            {t('search.label')} <kbd className="quiet">Ctrl K</kbd>
          </>
        )}
      </Button>
      <Modal open={open} onCancel={() => setOpen(false)} footer={null} title={t('search.label')} destroyOnHidden>
        <Input autoFocus value={text} placeholder={t('search.hint')} aria-label={t('search.hint')} onChange={(e) => setText(e.target.value)} onPressEnter={() => hits[0] && choose(hits[0].to)} />
        <List
          dataSource={hits}
          locale={{ emptyText: t('search.nothing') }}
          renderItem={(h) => (
            <List.Item>
              <Button type="link" onClick={() => choose(h.to)}>
                {h.label}
              </Button>
            </List.Item>
          )}
        />
      </Modal>
    </>
  )
}
