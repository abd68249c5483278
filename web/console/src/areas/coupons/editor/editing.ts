import { createContext, useContext } from 'react'
import type { Schemas } from '@/api/client'
import { read, type Body } from './doc'

/** Editing is what fields of the editor share. */
export interface Editing {
  body: Body
  /** Writes a value at a pointer; undefined takes it out. */
  set: (pointer: string, value: unknown) => void
  /** What the server refuses at a pointer, in words. */
  refused: (pointer: string) => string[]
  market: Schemas['MarketRow']
  template: Schemas['TemplateRow']
  disabled: boolean
}

const Context = createContext<Editing | null>(null)
export const EditingProvider = Context.Provider

/** useEditing is the document that the fields around belong to. */
export function useEditing(): Editing {
  const e = useContext(Context)
  if (!e) throw new Error('a field outside of an editor')
  return e
}

/** useField is the value at a pointer, and how to change it. */
export function useField<T>(at: string): [T | undefined, (v: T | undefined) => void] {
  const e = useEditing()
  return [read(e.body, at) as T | undefined, (v) => e.set(at, v)]
}

/** fieldId is the id of the input at a pointer. */
export const fieldId = (at: string) => `field${at.replaceAll('/', '-')}`
