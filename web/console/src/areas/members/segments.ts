import type { Schemas } from '@/api/client'

export type Segment = Schemas['SavedSegmentRow']
