import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ask, type Schemas } from '@/api/client'

export type Forms = Schemas['ConditionsBody']
export type FormField = Schemas['ConditionField']

/** useConditions are the types of conditions with their forms, in the reader's words. */
export function useConditions() {
  const { i18n } = useTranslation()
  return useQuery({ queryKey: ['conditions', i18n.language], queryFn: ({ signal }) => ask(api.GET('/v1/conditions', { signal })), staleTime: Infinity })
}

/** Offered are all forms, and those that can be added. */
export type Offered = Forms & { offered: Forms['conditions'] }

const Context = createContext<Offered>({ conditions: [], variables: [], offered: [] })

/** Conditions gives the forms to the leaves of a tree. */
export const Conditions = { Provider: Context.Provider, use: () => useContext(Context) }
