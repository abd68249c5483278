import './style.css'
import { render } from 'preact'
import { askAs } from '../phone/api'
import { Card } from './Card'
import { visit } from './visit'
import { asked } from './site'

async function begin() {
  const root = document.documentElement
  root.style.setProperty('--base', innerHeight + 'px') // what the page keeps free: never less
  const hello = await asked({ quan: 'ready' }, 5000)
  root.setAttribute('data-scheme', (hello && hello.scheme) || 'light')
  const token = (hello && hello.token) || ''
  askAs(token || visit.kept())
  const at = document.getElementById('root')
  if (at) render(<Card code={location.pathname.split('/')[2] || ''} token={token} />, at)
}

void begin()
