import '../words'
import { ArrowLeftOutlined, CloudOutlined, EyeOutlined } from '@ant-design/icons'
import { App, Badge, Button, Drawer, Flex, Form, Grid, Skeleton, Tag, Typography } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useBlocker, useNavigate, useParams, useSearchParams } from 'react-router'
import { api, ask, got, type Schemas } from '@/api/client'
import { Conflict } from '@/parts/Conflict'
import { useMarket } from '@/parts/market'
import { ProblemAlert } from '@/parts/ProblemAlert'
import { Sections } from '@/parts/Sections'
import { useAccount, useMay, useWho } from '@/session'
import { refusalsOf, useCheck, type Refusal } from './checking'
import { useConditions } from './conditions'
import { bodyOf, canonical, stepOf, steps, write, type Body, type StepName } from './doc'
import { EditingProvider, type Editing } from './editing'
import { FundersStep } from './FundersStep'
import { Keeping } from './keeping'
import { useKinds } from './kinds'
import { LookStep } from './LookStep'
import { PublishDialog } from './PublishDialog'
import { RulesStep } from './RulesStep'
import { ScopeStep } from './ScopeStep'
import { Side } from './Side'
import { ValidityStep } from './ValidityStep'
import { ValueStep } from './ValueStep'

interface Loaded {
  template: Schemas['TemplateRow']
  etag: string
  body: Body
}

async function load(id: string, signal?: AbortSignal): Promise<Loaded> {
  const params = { path: { id } }
  const [{ data, etag }, versions] = await Promise.all([got(api.GET('/v1/templates/{id}', { params, signal })), ask(api.GET('/v1/templates/{id}/versions', { params, signal }))])
  if (data.draft || data.version === 0) return { template: data, etag, body: bodyOf(data) }
  return { template: data, etag, body: bodyOf(data, versions.items.at(-1)?.content) }
}

/** Editor changes a template's draft; it saves by itself. */
export default function Editor() {
  const { id = '' } = useParams()
  const loaded = useQuery({ queryKey: ['editor', id], queryFn: ({ signal }) => load(id, signal), staleTime: Infinity, gcTime: 0 })
  const market = useMarket(loaded.data?.template.market)
  // What the steps need is asked together with the template.
  useKinds()
  useConditions()
  if (loaded.error) return <ProblemAlert error={loaded.error} again={() => void loaded.refetch()} />
  if (!loaded.data || !market) return <Skeleton active paragraph={{ rows: 10 }} />
  return <Workplace key={id} loaded={loaded.data} market={market} />
}

const drawn: Record<StepName, () => React.ReactNode> = { value: ValueStep, scope: ScopeStep, validity: ValidityStep, rules: RulesStep, funders: FundersStep, look: LookStep }

function Workplace({ loaded, market }: { loaded: Loaded; market: Schemas['MarketRow'] }) {
  const { t } = useTranslation('coupons')
  const may = useMay()
  const go = useNavigate()
  const wide = Grid.useBreakpoint().xl ?? true
  const { template } = loaded
  const { keeping, state } = useKeeping(loaded)
  const [params, setParams] = useSearchParams()
  const step = steps.find((s) => s === params.get('step')) ?? 'value'
  const [seen, setSeen] = useState<StepName[]>([])
  const [all, setAll] = useState(template.version > 0)
  const [preview, setPreview] = useState(false)
  const [publishing, setPublishing] = useState(false)
  const check = useCheck(template, state.body)
  const disabled = !may('template.write') || template.status === 'archived'

  const turn = useCallback((to: StepName) => {
    setSeen((s) => [...s, step])
    setParams((p) => {
      p.set('step', to)
      return p
    }, { replace: true })
  }, [setParams, step])

  // What is wrong: what a save was refused for, and what publishing would be.
  const wrong = useMemo(() => {
    const found = [...refusalsOf(state.problem), ...refusalsOf(check.error), ...(check.error ? [] : (check.data?.refusals ?? []))]
    return [...new Map(found.map((r) => [`${r.pointer} ${r.detail}`, r])).values()]
  }, [state.problem, check.error, check.data])
  const shown = useMemo(() => byPointer(wrong.filter((r) => all || r.code !== 'missing_value' || seen.includes(stepOf(r.pointer ?? '')))), [wrong, all, seen])
  const editing = useMemo<Editing>(
    () => ({ body: state.body, market, template, disabled, refused: (p) => shown.get(p) ?? [], set: (p, v) => keeping.change((b) => write(b, p, v)) }),
    [state.body, market, template, disabled, shown, keeping],
  )
  const target = useRef('')
  const lead = (pointer: string) => {
    setPreview(false)
    target.current = pointer
    const to = stepOf(pointer)
    if (to === step) requestAnimationFrame(() => focusField(pointer))
    else turn(to)
  }
  useEffect(() => {
    if (!target.current) return
    const pointer = target.current
    target.current = ''
    const frame = requestAnimationFrame(() => focusField(pointer))
    return () => cancelAnimationFrame(frame)
  }, [step])
  const side = <Side check={check.data} error={check.error} pending={check.isPending} refusals={wrong} go={lead} saved={state.standing === 'saved' ? state.etag : ''} />
  const Step = drawn[step]
  const next = steps[steps.indexOf(step) + 1]
  const publish = async () => {
    setAll(true)
    if (await keeping.flush()) setPublishing(true)
  }
  // Of what is published already, nothing is left to publish before something changes.
  const same = template.version > 0 && !template.draft && state.standing === 'saved' && state.etag === loaded.etag
  const ready = may('template.publish') && !disabled
  return (
    <EditingProvider value={editing}>
      <Flex wrap gap="small" align="center" justify="space-between" style={{ marginBottom: 12 }}>
        <Flex gap="small" align="center" style={{ minWidth: 0 }}>
          <Link to={`/coupons/templates/${template.id}`} aria-label={t('editor.back')}>
            <ArrowLeftOutlined />
          </Link>
          <Typography.Title level={1} ellipsis style={{ margin: 0, fontSize: 22, maxWidth: 560 }}>
            <bdi>{state.body.internal_name || t('editor.unnamed')}</bdi>
          </Typography.Title>
          <SavedTag standing={state.standing} />
        </Flex>
        <Flex gap="small">
          {!wide && (
            <Badge count={wrong.length} size="small">
              <Button icon={<EyeOutlined />} onClick={() => setPreview(true)}>
                {t('editor.preview')}
              </Button>
            </Badge>
          )}
          {ready && (
            <Button type="primary" disabled={same} title={same ? t('publish.same') : undefined} onClick={() => void publish()}>
              {t('publish.open')}
            </Button>
          )}
        </Flex>
      </Flex>
      {state.standing === 'conflict' && <Conflict load={() => void keeping.load()} overwrite={() => void keeping.overwrite()} />}
      {state.standing === 'refused' && refusalsOf(state.problem).length === 0 && <ProblemAlert error={state.problem} />}
      <div style={{ display: 'grid', gridTemplateColumns: wide ? 'minmax(0, 1fr) 360px' : 'minmax(0, 1fr)', gap: 24, alignItems: 'start' }}>
        <div style={{ background: 'var(--ant-color-bg-container)', borderRadius: 8, padding: wide ? '8px 24px 24px' : '4px 12px 16px' }}>
          <Sections
            label={t('editor.steps')}
            chosen={step}
            choose={turn}
            sections={steps.map((key, i) => ({ key, label: `${i + 1} ${t(`steps.${key}`)}`, count: [...shown.keys()].filter((p) => stepOf(p) === key).length }))}
          />
          <Form component={false} layout="vertical">
            <Step />
          </Form>
          {next && (
            <Button type={ready ? 'default' : 'primary'} onClick={() => turn(next)}>
              {t('editor.next', { step: t(`steps.${next}`) })}
            </Button>
          )}
        </div>
        {wide && <aside aria-label={t('editor.preview')} style={{ position: 'sticky', top: 80, maxHeight: 'calc(100vh - 96px)', overflow: 'auto' }}>{side}</aside>}
      </div>
      {!wide && (
        <Drawer open={preview} onClose={() => setPreview(false)} title={t('editor.preview')} size={420}>
          {side}
        </Drawer>
      )}
      {publishing && (
        <PublishDialog
          template={template}
          etag={state.etag}
          check={check.data}
          refusals={wrong}
          close={() => setPublishing(false)}
          lead={(p) => {
            setPublishing(false)
            lead(p)
          }}
          published={() => {
            keeping.stop()
            void go(`/coupons/templates/${template.id}?tab=delivery&published=1`)
          }}
        />
      )}
    </EditingProvider>
  )
}

/** useKeeping saves what is typed, warns of leaving while something is not saved, and goes on when the network or the session is back. */
function useKeeping(loaded: Loaded) {
  const { t } = useTranslation('coupons')
  const { modal } = App.useApp()
  const who = useWho()
  const account = useAccount()
  const queries = useQueryClient()
  const { id } = loaded.template
  const [keeping] = useState(
    () =>
      new Keeping<Body>({
        key: `quan.draft.${who.id}.${id}`,
        body: loaded.body,
        etag: loaded.etag,
        same: (a, b) => canonical(a) === canonical(b),
        save: async (body, etag) => (await got(api.PUT('/v1/templates/{id}', { params: { path: { id }, header: { 'If-Match': etag } }, body }))).etag,
        newest: () => load(id),
      }),
  )
  const state = useSyncExternalStore(keeping.subscribe, keeping.state)
  const left = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    clearTimeout(left.current)
    keeping.start()
    const online = () => void keeping.flush()
    window.addEventListener('online', online)
    return () => {
      window.removeEventListener('online', online)
      left.current = setTimeout(() => {
        keeping.stop()
        void queries.invalidateQueries({ queryKey: ['template', id] })
        void queries.invalidateQueries({ queryKey: ['templates'] })
      })
    }
  }, [keeping, queries, id])
  useEffect(() => {
    if (keeping.state().standing === 'expired') void keeping.flush()
  }, [keeping, account.dataUpdatedAt])
  const unsaved = state.standing !== 'saved'
  useEffect(() => {
    if (!unsaved) return
    const warn = (e: BeforeUnloadEvent) => e.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [unsaved])
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname)
  const asking = useRef(false)
  useEffect(() => {
    if (blocker.state !== 'blocked' || asking.current) return
    asking.current = true
    void keeping.flush().then((done) => {
      if (done) {
        asking.current = false
        blocker.proceed()
        return
      }
      modal.confirm({
        title: t('leave.title'),
        content: t('leave.text'),
        okText: t('leave.leave'),
        cancelText: t('leave.stay'),
        onOk: () => {
          asking.current = false
          blocker.proceed()
        },
        onCancel: () => {
          asking.current = false
          blocker.reset()
        },
      })
    })
  }, [blocker, keeping, modal, t])
  return { keeping, state }
}

const colours = { saved: 'green', changed: 'default', saving: 'processing', away: 'orange', expired: 'orange', refused: 'red', conflict: 'red' } as const

function SavedTag({ standing }: { standing: keyof typeof colours }) {
  const { t } = useTranslation('coupons')
  return (
    <Tag role="status" icon={<CloudOutlined />} color={colours[standing]}>
      {t(`standing.${standing}`)}
    </Tag>
  )
}

function byPointer(list: Refusal[]): Map<string, string[]> {
  const out = new Map<string, string[]>()
  for (const r of list) out.set(r.pointer ?? '', [...(out.get(r.pointer ?? '') ?? []), r.detail])
  return out
}

/** focusField goes to the field of a pointer, or the nearest around it. */
function focusField(pointer: string) {
  for (let p = pointer; p.length > 0; p = p.slice(0, p.lastIndexOf('/'))) {
    const box = document.querySelector(`[data-at="${CSS.escape(p)}"]`)
    if (!box) continue
    box.scrollIntoView({ block: 'center' })
    box.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button')?.focus({ preventScroll: true })
    return
  }
}
