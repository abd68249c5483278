import { Divider, Flex } from 'antd'
import { useTranslation } from 'react-i18next'
import { MoneyField, NumberField, WordsField } from './fields'
import { Rows } from './Rows'
import { ScopeEditor } from './ScopeEditor'

/** ScopeStep says for which goods and where the coupon is good. */
export function ScopeStep() {
  const { t } = useTranslation('coupons')
  return (
    <>
      <h3>{t('scope.goods')}</h3>
      <ScopeEditor at="/draft/terms/scope" />
      <Divider />
      <h3>{t('scope.contains')}</h3>
      <Rows
        at="/draft/terms/contains"
        name={t('scope.contain')}
        add={t('scope.addContain')}
        most={20}
        fresh={() => ({ scope: {}, min_quantity: 1 })}
        row={(at) => (
          <>
            <Flex wrap gap="middle">
              <MoneyField at={`${at}/min_minor`} />
              <NumberField at={`${at}/min_quantity`} min={0} />
            </Flex>
            <ScopeEditor at={`${at}/scope`} />
          </>
        )}
      />
      <Divider />
      <h3>{t('scope.place')}</h3>
      <WordsField at="/draft/terms/use/cities" label={t('scope.useCities')} hint={t('all')} />
      <WordsField at="/draft/terms/use/channels" label={t('scope.useChannels')} hint={t('all')} />
    </>
  )
}
