import './words'
import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { Alert, Button, Card, ColorPicker, Flex, Form, Input, Radio, Segmented, Skeleton, Tag, Upload } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { api, ask, got, Problem, type Got, type Schemas } from '@/api/client'
import { useAct } from '@/api/hooks'
import { language, languages, type Language } from '@/i18n'
import { Conflict, isConflict } from '@/parts/Conflict'
import { applyProblem, ProblemAlert } from '@/parts/ProblemAlert'
import { inLanguage } from '@/parts/texts'
import { useMay } from '@/session'
import { Head } from './Head'
import { PhonePreview, themes } from './PhonePreview'
import { Confirmed } from './publishing'

type Design = Schemas['Design']
type Page = Schemas['PageDesignRow']

/** The largest picture that is taken, in bytes. */
const mostPicture = 4 << 20

/** meant is a design without what was left empty. */
export function meant(d: Design): Design {
  const texts = Object.fromEntries(
    Object.entries(d.texts ?? {})
      .map(([l, t]) => [l, Object.fromEntries(Object.entries(t ?? {}).filter(([, v]) => v))] as const)
      .filter(([, t]) => Object.keys(t).length > 0),
  )
  return { theme: d.theme, ...(d.colour ? { colour: d.colour } : {}), ...(d.picture ? { picture: d.picture } : {}), ...(Object.keys(texts).length > 0 ? { texts } : {}) }
}

/** pictureOf tells by its first bytes whether a file is a JPEG or a PNG, whatever it is called. */
async function pictureOf(file: Blob): Promise<boolean> {
  const [a, b, c] = new Uint8Array(await file.slice(0, 3).arrayBuffer())
  return (a === 0xff && b === 0xd8 && c === 0xff) || (a === 0x89 && b === 0x50 && c === 0x4e)
}

/** The page designer of a placement: theme, colour, head picture and texts, with a phone beside them. */
export default function PageDesigner() {
  const { id = '' } = useParams()
  const { t } = useTranslation('delivery')
  const may = useMay()
  const [form] = Form.useForm<Design>()
  const design = Form.useWatch([], form) as Design | undefined
  const [tongue, setTongue] = useState<Language>(language())
  const placement = useQuery({ queryKey: ['placement', id], queryFn: ({ signal }) => got(api.GET('/v1/placements/{id}', { params: { path: { id }, query: {} }, signal })) })
  const page = useQuery({
    queryKey: ['page', id],
    queryFn: async ({ signal }): Promise<Got<Page> | null> => {
      try {
        return await got(api.GET('/v1/placements/{id}/page', { params: { path: { id } }, signal }))
      } catch (e) {
        if (e instanceof Problem && e.status === 404) return null // nobody has designed one yet
        throw e
      }
    },
  })
  const [etag, setEtag] = useState<string>()
  useEffect(() => {
    if (page.data === undefined) return
    if (etag === undefined) form.setFieldsValue(page.data?.data.draft ?? { theme: 'plain' })
    setEtag(page.data?.etag ?? '')
    // What somebody types is theirs; only a first reading fills the form.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [page.data])
  const save = useAct<{ design: Design; etag: string }, Got<Page>>({
    run: ({ design, etag }) => got(api.PUT('/v1/placements/{id}/page', { body: meant(design), params: { path: { id }, header: etag ? { 'If-Match': etag } : { 'If-None-Match': '*' } } })),
    then: (saved) => setEtag(saved.etag),
    done: t('design.saved'),
  })
  const publish = useAct<string, Page>({
    run: async (_, key) => {
      const saved = await save.mutateAsync({ design: form.getFieldsValue(true) as Design, etag: etag ?? '' })
      return ask(api.POST('/v1/placements/{id}/page/publish', { params: { path: { id }, header: { 'If-Match': saved.etag, 'Idempotency-Key': key } } }))
    },
    done: t('design.published'),
    stale: [['page', id]],
  })
  const [bad, setBad] = useState<'' | 'tooLarge' | 'notPicture'>('')
  const upload = useAct<string, Schemas['PictureRow']>({
    run: (data) => ask(api.POST('/v1/pictures', { body: { data } })),
    then: (p) => form.setFieldValue('picture', p.name),
  })
  useEffect(() => applyProblem(form, save.error), [form, save.error])
  if (page.isPending || placement.isPending) return <Skeleton active paragraph={{ rows: 10 }} />
  if (page.error ?? placement.error) return <ProblemAlert error={page.error ?? placement.error} again={() => (void page.refetch(), void placement.refetch())} />
  const row = placement.data?.data
  const writes = may('reference.write') && !row?.archived_at
  const take = (file: File) => {
    const reader = new FileReader()
    reader.onload = () => upload.mutate(String(reader.result).replace(/^[^,]*,/, ''))
    reader.readAsDataURL(file)
  }
  return (
    <section>
      <Head title={t('design.title', { name: row?.name })} back={{ to: `/delivery/placements/${id}`, text: row?.name ?? '' }} tags={page.data?.data.published ? <Tag color="green">{t('design.isPublished')}</Tag> : <Tag>{t('design.isPlain')}</Tag>}>
        {writes && (
          <>
            <Button loading={save.isPending} onClick={() => save.mutate({ design: form.getFieldsValue(true) as Design, etag: etag ?? '' })}>
              {t('design.save')}
            </Button>
            <Confirmed primary label={t('packs.publish')} title={t('design.publishTitle')} text={t('design.publishText')} act={() => publish.mutateAsync(etag ?? '')} />
          </>
        )}
      </Head>
      {isConflict(save.error) ? (
        <Conflict
          load={() =>
            void page.refetch().then(({ data }) => {
              if (data) form.setFieldsValue(data.data.draft)
              save.reset()
            })
          }
          overwrite={() => void page.refetch().then(({ data }) => save.mutate({ design: form.getFieldsValue(true) as Design, etag: data?.etag ?? '' }))}
        />
      ) : (
        <ProblemAlert error={save.error ?? publish.error} />
      )}
      <Flex wrap="wrap-reverse" gap="large" align="flex-end">
        <Card style={{ flex: '1 1 420px', minWidth: 0, alignSelf: 'stretch' }}>
          <Form<Design> form={form} layout="vertical" disabled={!writes}>
            <Form.Item name="theme" label={t('design.theme')}>
              <Radio.Group>
                <Flex wrap gap="small">
                  {(['plain', 'festive', 'fresh', 'night'] as const).map((k) => (
                    <Radio key={k} value={k}>
                      <i aria-hidden style={{ display: 'inline-block', width: 14, height: 14, borderRadius: 4, background: themes[k].act, verticalAlign: -2, marginInlineEnd: 6 }} />
                      {t(`theme.${k}`)}
                    </Radio>
                  ))}
                </Flex>
              </Radio.Group>
            </Form.Item>
            <Form.Item name="colour" label={t('design.colour')} extra={t('design.colourHelp')} getValueFromEvent={(c: { cleared?: boolean | string; toHexString: () => string } | null) => (!c || c.cleared ? undefined : c.toHexString().slice(0, 7))} getValueProps={(v?: string) => ({ value: v ?? null })}>
              <ColorPicker allowClear disabledAlpha showText />
            </Form.Item>
            <Form.Item name="picture" hidden>
              <Input />
            </Form.Item>
            <Form.Item label={t('design.picture')} extra={t('design.pictureHelp')}>
              <Flex wrap gap="small">
                <Upload
                  accept="image/jpeg,image/png"
                  showUploadList={false}
                  beforeUpload={(file) => {
                    void pictureOf(file).then((good) => {
                      setBad(good ? (file.size <= mostPicture ? '' : 'tooLarge') : 'notPicture')
                      if (good && file.size <= mostPicture) take(file)
                    })
                    return false
                  }}
                >
                  <Button icon={<UploadOutlined />} loading={upload.isPending}>
                    {t('design.upload')}
                  </Button>
                </Upload>
                {design?.picture && (
                  <Button icon={<DeleteOutlined />} onClick={() => form.setFieldValue('picture', undefined)}>
                    {t('form.remove')}
                  </Button>
                )}
              </Flex>
              {bad ? <Alert type="error" showIcon title={t(`design.${bad}`)} style={{ marginTop: 8 }} /> : <ProblemAlert error={upload.error} />}
            </Form.Item>
            <Segmented block aria-label={t('design.language')} value={tongue} onChange={setTongue} options={(Object.keys(languages) as Language[]).map((value) => ({ value, label: languages[value] }))} style={{ marginBottom: 16 }} />
            {(Object.keys(languages) as Language[]).map((l) => (
              <div key={l} hidden={l !== tongue}>
                <Form.Item name={['texts', l, 'title']} label={t('design.heading')}>
                  <Input maxLength={40} showCount />
                </Form.Item>
                <Form.Item name={['texts', l, 'subtitle']} label={t('design.subtitle')}>
                  <Input maxLength={80} showCount />
                </Form.Item>
                <Form.Item name={['texts', l, 'button']} label={t('design.button')}>
                  <Input maxLength={16} showCount placeholder={t(`preview.claim`, { lng: l })} />
                </Form.Item>
                <Form.Item name={['texts', l, 'notes']} label={t('design.notes')}>
                  <Input.TextArea maxLength={2000} rows={4} />
                </Form.Item>
                <Form.Item name={['texts', l, 'share']} label={t('design.share')}>
                  <Input maxLength={80} showCount />
                </Form.Item>
              </div>
            ))}
          </Form>
        </Card>
        <div style={{ flex: '0 1 320px', margin: '0 auto', position: 'sticky', top: 80 }}>
          <PhonePreview design={design ?? { theme: 'plain' }} tongue={tongue} name={inLanguage(row?.offers?.customer_name, tongue) || row?.offers?.internal_name || ''} />
        </div>
      </Flex>
    </section>
  )
}
