import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { api, ask, Problem, type Schemas } from './api/client'

export type Account = Schemas['AccountRow']
export type Permission = Account['permissions'][number]

/** accountKey is where the account is kept. */
export const accountKey = ['account'] as const

/** useAccount asks who is signed in: null is nobody. */
export function useAccount() {
  return useQuery({
    queryKey: accountKey,
    queryFn: async (): Promise<Account | null> => {
      try {
        return await ask(api.GET('/v1/account'))
      } catch (e) {
        if (e instanceof Problem && e.status === 401) return null
        throw e
      }
    },
    staleTime: 60_000,
  })
}

/** useSignedIn takes over the account that a sign-in answered. */
export function useSignedIn() {
  const queries = useQueryClient()
  return (account: Account) => queries.setQueryData(accountKey, account)
}

const Who = createContext<Account | null>(null)
export const WhoProvider = Who.Provider

/** useWho is the person who is signed in. */
export function useWho(): Account {
  const who = useContext(Who)
  if (!who) throw new Error('useWho outside of the shell')
  return who
}

/** useMay says what the person may do, so that nothing is offered that would be refused. */
export function useMay(): (p: Permission) => boolean {
  const who = useWho()
  return (p) => who.permissions.includes(p)
}
