import './style.css'
import { render } from 'preact'
import { App } from './App'

const root = document.getElementById('root')
if (root) render(<App />, root)
// Only secure pages may keep themselves: HTTPS, or this very machine.
if ('serviceWorker' in navigator) navigator.serviceWorker.register('/counter/sw.js', { scope: '/counter/' }).catch(() => {})
