import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, GroupOutlined, PlusOutlined, UngroupOutlined } from '@ant-design/icons'
import { Button, Card, Dropdown, Flex, Segmented, Select, Skeleton, Tooltip } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Conditions, useConditions } from './conditions'
import { useEditing, useField } from './editing'
import { LeafEditor } from './LeafEditor'
import { groupOf, groups, isNothing, kids, moved, regrouped, unwrapped, withKid, withoutKid, wrapped, type Group, type Tree } from './tree'

/** Nested groups deeper than this are refused by the API. */
const deepest = 8

interface Props {
  at: string
  title: string
  /** The conditions are asked of what is stored of members: those that only a claim or a use can answer are not offered. */
  stored?: boolean
}

/** TreeEditor edits the conditions at a pointer, drawn from the forms that the API gives. */
export function TreeEditor({ at, title, stored }: Props) {
  const { t } = useTranslation('coupons')
  const [tree, set] = useField<Tree>(at)
  const { refused, disabled } = useEditing()
  const forms = useConditions()
  const offered = useMemo(() => forms.data && { ...forms.data, offered: forms.data.conditions.filter((c) => !stored || c.segment) }, [forms.data, stored])
  const root = tree ?? {}
  const put = (next: Tree) => set(isNothing(next) ? undefined : next)
  if (!offered) return <Skeleton active paragraph={{ rows: 2 }} />
  return (
    <Conditions.Provider value={offered}>
      <section aria-label={title} data-at={at} style={{ marginBottom: 24 }}>
        <h3>{title}</h3>
        {refused(at).map((w, i) => (
          <div key={i} role="alert" style={{ color: 'var(--ant-color-error)' }}>
            {w}
          </div>
        ))}
        {isNothing(root) ? (
          <Flex vertical gap="small" align="flex-start">
            <span className="quiet">{t('tree.nobody')}</span>
            <AddLeaf disabled={disabled} add={(leaf) => put(withKid(root, leaf))} />
          </Flex>
        ) : (
          <Node at={at} tree={groupOf(root) ? root : { all: [root] }} flat={!groupOf(root)} depth={1} change={put} />
        )}
      </section>
    </Conditions.Provider>
  )
}

/** Node is a group; of a root that is a single leaf it stands around it until there are two (flat). */
function Node({ at, tree, flat, depth, change }: { at: string; tree: Tree; flat?: boolean; depth: number; change: (t: Tree) => void }) {
  const { t } = useTranslation('coupons')
  const { disabled, refused } = useEditing()
  const group = groupOf(tree) ?? 'all'
  const list = kids(tree)
  return (
    <div data-at={at} style={{ borderInlineStart: '3px solid var(--ant-color-primary-border)', paddingInlineStart: 12 }}>
      <Segmented<Group> aria-label={t('tree.group')} size="small" value={group} disabled={disabled} options={groups.map((value) => ({ value, label: t(`tree.${value}`) }))} onChange={(g) => change(regrouped(tree, g))} style={{ marginBottom: 8 }} />
      <Flex vertical gap="small">
        {list.map((kid, i) => {
          const here = flat ? at : `${at}/${group}/${i}`
          const inner = groupOf(kid)
          const name = t('tree.condition', { n: i + 1 })
          const button = (label: string, icon: React.ReactNode, act: () => void) => (
            <Tooltip title={label}>
              <Button type="text" size="small" icon={icon} disabled={disabled} aria-label={`${label}: ${name}`} onClick={act} />
            </Tooltip>
          )
          return (
            <Card
              key={i}
              size="small"
              data-at={here}
              title={inner ? t('tree.groupOf', { n: i + 1 }) : <LeafTitle leaf={kid} />}
              extra={
                <Flex>
                  {i > 0 && button(t('tree.up'), <ArrowUpOutlined />, () => change(moved(tree, i, -1)))}
                  {i < list.length - 1 && button(t('tree.down'), <ArrowDownOutlined />, () => change(moved(tree, i, 1)))}
                  {inner ? button(t('tree.unwrap'), <UngroupOutlined />, () => change(unwrapped(tree, i))) : depth < deepest - 1 && button(t('tree.wrap'), <GroupOutlined />, () => change(wrapped(tree, i, 'any')))}
                  {button(t('tree.remove'), <DeleteOutlined />, () => change(withoutKid(tree, i)))}
                </Flex>
              }
            >
              {refused(here).map((w, n) => (
                <div key={n} role="alert" style={{ color: 'var(--ant-color-error)' }}>
                  {w}
                </div>
              ))}
              {inner ? (
                <Node at={here} tree={kid} depth={depth + 1} change={(k) => change(isNothing(k) ? withoutKid(tree, i) : { [group]: list.map((x, n) => (n === i ? k : x)) })} />
              ) : (
                <LeafEditor at={here} />
              )}
            </Card>
          )
        })}
        <Flex gap="small" wrap>
          <AddLeaf disabled={disabled} add={(leaf) => change(withKid(tree, leaf))} />
          {depth < deepest - 1 && (
            <Dropdown disabled={disabled} trigger={['click']} menu={{ items: groups.map((key) => ({ key, label: t(`tree.${key}`) })), onClick: ({ key }) => change(withKid(tree, { [key]: [] })) }}>
              <Button icon={<GroupOutlined />}>{t('tree.addGroup')}</Button>
            </Dropdown>
          )}
        </Flex>
      </Flex>
    </div>
  )
}

function LeafTitle({ leaf }: { leaf: Tree }) {
  const form = Conditions.use().conditions.find((f) => f.type === leaf.type)
  return <>{form?.label ?? String(leaf.type ?? '')}</>
}

function AddLeaf({ add, disabled }: { add: (leaf: Tree) => void; disabled: boolean }) {
  const { t } = useTranslation('coupons')
  const { offered } = Conditions.use()
  const [open, setOpen] = useState(false)
  if (!open)
    return (
      <Button icon={<PlusOutlined />} type="dashed" disabled={disabled} onClick={() => setOpen(true)}>
        {t('tree.add')}
      </Button>
    )
  return (
    <Select
      autoFocus
      defaultOpen
      aria-label={t('tree.add')}
      placeholder={t('tree.search')}
      style={{ width: 280 }}
      showSearch={{ optionFilterProp: 'label' }}
      options={offered.map((f) => ({ value: f.type, label: f.label, title: f.help }))}
      onOpenChange={(o) => !o && setOpen(false)}
      onSelect={(type: string) => {
        setOpen(false)
        add({ type })
      }}
    />
  )
}

