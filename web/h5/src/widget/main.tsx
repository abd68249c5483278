import './style.css'
import { render } from 'preact'
import { askAs } from '../phone/api'
import { Card } from './Card'
import { visit } from './visit'
import { asked } from './site'

async function begin() {
  const hello = await asked({ quan: 'ready' }, 5000)
  document.documentElement.setAttribute('data-scheme', (hello && hello.scheme) || 'light')
  const token = (hello && hello.token) || ''
  askAs(token || visit.kept())
  const root = document.getElementById('root')
  if (root) render(<Card code={location.pathname.split('/')[2] || ''} token={token} />, root)
}

void begin()
