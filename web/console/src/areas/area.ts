import type { ComponentType, ReactNode } from 'react'
import type { Permission } from '@/session'

/** A page of the console: where it lies under /console, and what draws it. */
export interface PageOf {
  /** Path under the area, as "" or "templates/:id". */
  path: string
  /** Loads the page, so that it costs nothing before somebody goes there. */
  load: () => Promise<{ default: ComponentType }>
  /** Key of the words in the menu, "nav." before it; pages without one are reached from others. */
  menu?: string
  /** Whoever lacks all of these has no entry. None: everybody. */
  may?: Permission[]
}

/** An area of the console: an entry of the menu with its pages. */
export interface Area {
  key: string
  icon: ReactNode
  /** Whoever lacks one of these has no page of the area. */
  needs?: Permission[]
  pages: PageOf[]
}
