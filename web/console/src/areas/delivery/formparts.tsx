import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { languages } from '@/i18n'

/** CustomerNames are the fields of a name as customers see it, in each language. */
export function CustomerNames() {
  const { t } = useTranslation('delivery')
  return (
    <Form.Item label={t('form.customerName')} extra={t('form.customerNameHelp')} required style={{ marginBottom: 12 }}>
      <Flex vertical gap={0}>
        {Object.entries(languages).map(([l, own], i) => (
          <Form.Item key={l} name={['customer_name', l]} rules={i === 0 ? [{ required: true, message: t('shell:required') }] : []} style={{ marginBottom: 8 }}>
            <Input prefix={<small className="quiet">{own}</small>} aria-label={`${t('form.customerName')} ${own}`} maxLength={200} />
          </Form.Item>
        ))}
      </Flex>
    </Form.Item>
  )
}

/** spoken leaves out languages in which nothing was typed. */
export const spoken = (names: Record<string, string | undefined> | undefined) => Object.fromEntries(Object.entries(names ?? {}).filter((e): e is [string, string] => !!e[1]?.trim()))

/** LimitRows are limits of how many, by period and per whom. */
export function LimitRows({ per }: { per: readonly string[] }) {
  const { t } = useTranslation('delivery')
  return (
    <Form.List name="limits">
      {(rows, { add, remove }) => (
        <Form.Item label={t('form.limits')} extra={rows.length === 0 ? t('form.noLimits') : undefined}>
          <Flex vertical gap="small">
            {rows.map((r) => (
              <Flex key={r.key} gap="small" align="start">
                <Form.Item name={[r.name, 'period']} noStyle>
                  <Select aria-label={t('form.period')} options={['ever', 'day', 'week', 'month'].map((value) => ({ value, label: t(`period.${value}`) }))} style={{ flex: 1 }} />
                </Form.Item>
                <Form.Item name={[r.name, 'per']} noStyle>
                  <Select aria-label={t('form.per')} options={per.map((value) => ({ value, label: t(`per.${value}`) }))} style={{ flex: 1 }} />
                </Form.Item>
                <Form.Item name={[r.name, 'cap']} rules={[{ required: true, message: t('shell:required') }]} style={{ margin: 0, flex: 1 }}>
                  <InputNumber aria-label={t('form.cap')} min={0} precision={0} placeholder={t('form.cap')} style={{ width: '100%' }} />
                </Form.Item>
                <Button type="text" icon={<DeleteOutlined />} aria-label={t('form.remove')} onClick={() => remove(r.name)} />
              </Flex>
            ))}
            <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ period: 'ever', per: per[per.length - 1], cap: 1 })} disabled={rows.length >= 8}>
              {t('form.addLimit')}
            </Button>
          </Flex>
        </Form.Item>
      )}
    </Form.List>
  )
}
