import { CopyOutlined } from '@ant-design/icons'
import { App, Button, Flex, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

/** Secret shows what nothing shows again, to be copied. */
export function Secret({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('settings')
  const { message } = App.useApp()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      message.success(t('copied'))
    } catch {
      message.info(t('copyByHand')) // pages without HTTPS have no clipboard
    }
  }
  return (
    <Flex gap="small" align="center" wrap>
      <Typography.Text code aria-label={label} style={{ userSelect: 'all', wordBreak: 'break-all', whiteSpace: 'pre-wrap' }}>
        {text}
      </Typography.Text>
      <Button size="small" icon={<CopyOutlined />} onClick={() => void copy()}>
        {t('copy')}
      </Button>
    </Flex>
  )
}
