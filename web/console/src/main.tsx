import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './api/client'
import { Gate } from './shell/Gate'
import { Look } from './shell/Look'
import './i18n'
import './page.css'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      // A refusal stays one; the network is tried again.
      retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 2,
    },
    mutations: { retry: false },
  },
})

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Look>
        <Gate />
      </Look>
    </QueryClientProvider>
  </StrictMode>,
)
