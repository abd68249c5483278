import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = [process.env.QUAN_TEST_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p))

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: 'results',
  timeout: 120_000,
  retries: 1, // a machine that stands still is told as flaky, and is no reason to stop
  expect: { timeout: 20_000 },
  workers: 2,
  fullyParallel: false, // a file's tests share their server and go in order
  forbidOnly: true,
  reporter: [['list']],
  use: {
    launchOptions: { executablePath: chromium, args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update', '--disable-sync'] },
    // Tracing each test costs as much processor time as the tests themselves: what fails is traced when it is tried again.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' }, // a part on its way is neither read nor clicked
  },
})
