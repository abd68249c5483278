import { LoadingOutlined } from '@ant-design/icons'
import { App, ConfigProvider, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import zhTW from 'antd/locale/zh_TW'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import 'dayjs/locale/zh-tw'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '@/i18n'
import { nonce } from './nonce'

export type Mode = 'auto' | 'light' | 'dark'

const kept = 'quan.look'
const locales = { 'zh-CN': zhCN, 'zh-TW': zhTW, en: enUS }
const dayLocales = { 'zh-CN': 'zh-cn', 'zh-TW': 'zh-tw', en: 'en' }
const calm = window.matchMedia('(prefers-reduced-motion: reduce)')
const night = window.matchMedia('(prefers-color-scheme: dark)')

const Modes = createContext<{ mode: Mode; dark: boolean; setMode: (m: Mode) => void }>({ mode: 'auto', dark: false, setMode: () => {} })

/** useMode is how light the console is, and how to change it. */
export const useMode = () => useContext(Modes)

/** Look sets colours, and the language of what antd says. */
export function Look({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const language = i18n.language as Language
  const [mode, setMode] = useState<Mode>(() => (localStorage.getItem(kept) as Mode | null) ?? 'auto')
  const [atNight, setAtNight] = useState(night.matches)
  useEffect(() => {
    const turn = () => setAtNight(night.matches)
    night.addEventListener('change', turn)
    return () => night.removeEventListener('change', turn)
  }, [])
  const dark = mode === 'dark' || (mode === 'auto' && atNight)
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
  }, [dark])
  dayjs.locale(dayLocales[language])
  const modes = useMemo(
    () => ({
      mode,
      dark,
      setMode: (m: Mode) => {
        localStorage.setItem(kept, m)
        setMode(m)
      },
    }),
    [mode, dark],
  )
  return (
    <Modes.Provider value={modes}>
      <ConfigProvider
        locale={locales[language]}
        csp={{ nonce }}
        // antd's own stays in the page, unseen but read out, where an answer comes before it has any width.
        button={{ loadingIcon: <LoadingOutlined /> }}
        theme={{
          // The chosen entry of the menu, which the primary colour is too dark for at night.
          components: dark
            ? { Tabs: { itemSelectedColor: '#f08a5d', itemActiveColor: '#f08a5d', itemHoverColor: '#f08a5d', inkBarColor: '#f08a5d' }, Menu: { itemSelectedColor: '#f08a5d', subMenuItemSelectedColor: '#f08a5d' }, Button: { defaultHoverColor: '#f08a5d', defaultHoverBorderColor: '#f08a5d', defaultActiveColor: '#f08a5d', defaultActiveBorderColor: '#f08a5d' } }
            : {},
          algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
          // Orange-red as on paper coupons, dark enough for white letters on it (WCAG AA).
          token: {
            colorPrimary: '#c4320a',
            colorPrimaryHover: '#d4380d', // antd's own is too light behind white letters
            colorPrimaryActive: '#a82a08',
            colorError: dark ? '#d32029' : '#cf1322', // as letters, and behind white ones (WCAG AA); letters at night are page.css's
            colorLink: dark ? '#f08a5d' : '#b32d06',
            borderRadius: 6,
            motion: !calm.matches,
            // antd's own are too faint to read (WCAG AA).
            colorTextTertiary: dark ? 'rgba(255,255,255,0.65)' : 'rgba(0,0,0,0.65)',
            colorTextDescription: dark ? 'rgba(255,255,255,0.65)' : 'rgba(0,0,0,0.65)',
            colorTextPlaceholder: dark ? 'rgba(255,255,255,0.65)' : 'rgba(0,0,0,0.62)',
          },
        }}
      >
        <App style={{ minHeight: '100%' }}>{children}</App>
      </ConfigProvider>
    </Modes.Provider>
  )
}
