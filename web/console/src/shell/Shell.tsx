import { MenuOutlined } from '@ant-design/icons'
import { Button, Drawer, Grid, Layout, Menu, Result, Skeleton } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState, type ComponentType, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { createBrowserRouter, Link, Navigate, Outlet, RouterProvider, useLocation, useRouteError } from 'react-router'
import { areas } from '@/areas'
import type { Area, PageOf } from '@/areas/area'
import { LinkButton } from '@/parts/LinkButton'
import { useAllMarkets } from '@/parts/market'
import { useMay, useWho } from '@/session'
import { AccountMenu } from './AccountMenu'
import { Bell } from './Bell'
import { Search } from './Search'

/** useEntries is the menu of the person: areas and pages that they may see. */
export function useEntries(): { area: Area; pages: PageOf[] }[] {
  const may = useMay()
  return areas.map((area) => ({ area, pages: area.pages.filter((p) => p.menu && sees(may, area, p)) })).filter((e) => e.pages.length > 0)
}

/** sees reports whether a page is for somebody. */
const sees = (may: ReturnType<typeof useMay>, area: Area, page: PageOf) => (area.needs ?? []).every(may) && (!page.may || page.may.some(may))

/** where is the address of a page, under /console. */
export const where = (area: Area, page: PageOf) => `/${area.key}${page.path ? '/' + page.path : ''}`

const loaded = new Map<PageOf, ComponentType>()

function drawn(page: PageOf): ComponentType {
  let c = loaded.get(page)
  if (!c) {
    c = lazy(page.load)
    loaded.set(page, c)
  }
  return c
}

/** Shell is the frame around all pages: menu, search, account. */
export function Shell({ left }: { left: () => void }) {
  const router = useMemo(
    () =>
      createBrowserRouter(
        [
          {
            element: <Frame left={left} />,
            errorElement: <Broken />,
            children: [
              { index: true, element: <Start /> },
              ...areas.flatMap((a) =>
                a.pages.map((p) => {
                  const C = drawn(p)
                  return { path: where(a, p), element: <Guarded area={a} page={p}><C /></Guarded>, errorElement: <Broken /> }
                }),
              ),
              { path: '*', element: <NotFound /> },
            ],
          },
        ],
        { basename: '/console' },
      ),
    // The router lives as long as the shell; leaving unmounts both.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  )
  return <RouterProvider router={router} />
}

function Frame({ left }: { left: () => void }) {
  const { t } = useTranslation()
  const wide = Grid.useBreakpoint().lg ?? true
  const [open, setOpen] = useState(false)
  // What nearly all pages are made of comes while the first one is read.
  useEffect(() => void setTimeout(() => void import('@/parts/ListPage')), [])
  useAllMarkets() // currencies and zones, which most pages show
  return (
    <Layout style={{ minHeight: '100vh' }}>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      {wide ? (
        <Layout.Sider theme="light" width={208} style={{ position: 'sticky', top: 0, height: '100vh', overflow: 'auto', borderInlineEnd: '1px solid var(--ant-color-split)' }}>
          <Brand />
          <Navigation />
        </Layout.Sider>
      ) : (
        <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={260} title={<Brand />} styles={{ body: { padding: 0 } }}>
          <Navigation chosen={() => setOpen(false)} />
        </Drawer>
      )}
      <Layout>
        <Layout.Header
          style={{ position: 'sticky', top: 0, zIndex: 10, display: 'flex', alignItems: 'center', gap: 8, padding: '0 16px', background: 'var(--ant-color-bg-container)', borderBottom: '1px solid var(--ant-color-split)' }}
        >
          {!wide && <Button type="text" icon={<MenuOutlined />} aria-label={t('menu')} onClick={() => setOpen(true)} />}
          <Search />
          <div style={{ flex: 1 }} />
          <Bell />
          <AccountMenu left={left} />
        </Layout.Header>
        <Layout.Content id="content" style={{ padding: wide ? 24 : 12, minWidth: 0 }}>
          <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
            <Outlet />
          </Suspense>
        </Layout.Content>
      </Layout>
    </Layout>
  )
}

function Brand() {
  return (
    <Link to="/" style={{ display: 'block', padding: '16px 24px', fontSize: 18, fontWeight: 600, color: 'inherit' }}>
      quan 券
    </Link>
  )
}

function Navigation({ chosen }: { chosen?: () => void }) {
  const { t } = useTranslation()
  const entries = useEntries()
  const { pathname } = useLocation()
  const all = entries.flatMap((e) => e.pages.map((p) => where(e.area, p)))
  const current = all.filter((p) => pathname === p || pathname.startsWith(p + '/')).sort((a, b) => b.length - a.length)[0]
  return (
    <nav aria-label={t('menu')}>
      <Menu
        mode="inline"
        selectedKeys={current ? [current] : []}
        defaultOpenKeys={entries.map((e) => e.area.key)}
        onClick={chosen}
        style={{ borderInlineEnd: 0 }}
        items={entries.map(({ area, pages }) => {
          const only = pages.length === 1 ? pages[0] : undefined
          if (only) return { key: where(area, only), icon: area.icon, label: <Link to={where(area, only)}>{t(`nav.${area.key}`)}</Link> }
          return {
            key: area.key,
            icon: area.icon,
            label: t(`nav.${area.key}`),
            children: pages.map((p) => ({ key: where(area, p), label: <Link to={where(area, p)}>{t(`nav.${p.menu}`)}</Link> })),
          }
        })}
      />
    </nav>
  )
}

/** Start goes to the first page that the person may see. */
function Start() {
  const { t } = useTranslation()
  const first = useEntries()[0]
  const page = first?.pages[0]
  if (!first || !page) return <Result status="info" title={t('noentry')} />
  return <Navigate to={where(first.area, page)} replace />
}

/** Guarded shows a page to those who may see it, and tells others so: an address can be typed, or sent by somebody. */
function Guarded({ area, page, children }: { area: Area; page: PageOf; children: ReactNode }) {
  const { t } = useTranslation()
  const may = useMay()
  const who = useWho()
  if (sees(may, area, page)) return children
  return <Instead status="403" title={t('forbidden.title')} text={t('forbidden.text', { name: who.name })} />
}

function NotFound() {
  const { t } = useTranslation()
  return <Instead status="404" title={t('notfound.title')} text={t('notfound.text')} />
}

/** Instead stands where there is no page for the reader, with the way on. */
function Instead({ status, title, text }: { status: '403' | '404'; title: string; text: string }) {
  const { t } = useTranslation()
  return (
    <Result
      status={status}
      title={<h1 style={{ fontSize: 24, margin: 0 }}>{title}</h1>}
      subTitle={text}
      extra={
        <LinkButton to="/" type="primary">
          {t('notfound.back')}
        </LinkButton>
      }
    />
  )
}

/** Broken stands where a page has failed: the rest of the console goes on. */
function Broken() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <Result
      status="error"
      title={t('broken.title')}
      subTitle={String(error)}
      extra={<Button onClick={() => window.location.reload()}>{t('broken.reload')}</Button>}
    />
  )
}
