import './style.css'
import { render } from 'preact'
import { App } from './App'
import { call } from './api'

// A link may bring a signed member token in its fragment, which no server ever sees:
// it becomes a session, and leaves the address.
async function begin() {
  const token = /[#&]token=([\w-]+)/.exec(location.hash)
  if (token) {
    history.replaceState(null, '', location.pathname + location.search)
    await call('POST', '/v1/visits', { token: token[1] }).catch(() => {}) // then the page asks for the phone
  }
  const root = document.getElementById('root')
  if (root) render(<App />, root)
}

void begin()
