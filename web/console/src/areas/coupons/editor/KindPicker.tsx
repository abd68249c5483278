import { Button, Card, Flex, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { common, type Kind, type KindRow } from './kinds'

/** KindPicker shows what a coupon can do, the common kinds first. */
export function KindPicker({ kinds, value, onChange, disabled }: { kinds: KindRow[]; value?: Kind; onChange: (k: Kind) => void; disabled?: boolean }) {
  const { t } = useTranslation('coupons')
  const rare = kinds.map((k) => k.kind as Kind).filter((k) => !common.includes(k))
  const [all, setAll] = useState(value !== undefined && rare.includes(value))
  const shown = all ? [...common, ...rare] : common
  return (
    <Flex vertical gap="small">
      <Radio.Group value={value} disabled={disabled} onChange={(e) => onChange(e.target.value as Kind)} aria-label={t('fields.kind')} style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))', gap: 8 }}>
        {shown.map((k) => (
          <Card key={k} size="small" style={{ borderColor: k === value ? 'var(--ant-color-primary)' : undefined }} styles={{ body: { padding: '8px 12px', height: '100%' } }}>
            <Radio value={k} style={{ width: '100%', height: '100%', alignItems: 'flex-start', whiteSpace: 'normal' }}>
              <strong>{t(`kinds.${k}.name`)}</strong>
              <br />
              <small className="quiet">{t(`kinds.${k}.about`)}</small>
            </Radio>
          </Card>
        ))}
      </Radio.Group>
      {!all && (
        <Button type="link" style={{ alignSelf: 'flex-start', padding: 0 }} onClick={() => setAll(true)}>
          {t('kinds.more', { count: rare.length })}
        </Button>
      )}
    </Flex>
  )
}
