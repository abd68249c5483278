import { Alert, Button, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/client'

/** isConflict reports whether somebody else has changed the row since it was read. */
export const isConflict = (e: unknown): boolean => e instanceof Problem && e.status === 412

/**
 * Conflict says that somebody else was faster. load reads the row anew and may keep what was
 * typed; overwrite saves what was typed under the newest revision.
 */
export function Conflict({ load, overwrite }: { load: () => void; overwrite?: () => void }) {
  const { t } = useTranslation('shell')
  return (
    <Alert
      role="alert"
      type="warning"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('conflict.title')}
      description={
        <Flex vertical gap="small">
          {t('conflict.text')}
          <Flex wrap gap="small">
            <Button size="small" onClick={load}>
              {t('conflict.load')}
            </Button>
            {overwrite && (
              <Button size="small" danger onClick={overwrite}>
                {t('conflict.overwrite')}
              </Button>
            )}
          </Flex>
        </Flex>
      }
    />
  )
}
