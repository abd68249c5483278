import { ImportOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Import } from './importing'

// What reads files comes when somebody has one.
const ImportDialog = lazy(() => import('./ImportDialog'))

/** ImportButton opens the import of a list. */
export function ImportButton({ of, stale }: { of: Import; stale: string[] }) {
  const { t } = useTranslation('shell')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button icon={<ImportOutlined />} onClick={() => setOpen(true)}>
        {t('import.open')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ImportDialog of={of} stale={[stale]} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
