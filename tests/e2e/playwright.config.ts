import { defineConfig } from '@playwright/test'

/** The test command says which browser it found; by hand, PORTICO_CHROMIUM or Debian's. */
const executablePath = process.env.PORTICO_TEST_CHROMIUM || process.env.PORTICO_CHROMIUM || '/usr/bin/chromium'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * `script` runs everything; `no-script` runs the journeys again in a browser that runs none. Both talk to one real Portico
 * (start-portico.ts); each test makes a pool, clients and people of its own.
 */
export default defineConfig({
  globalSetup: './start-portico.ts',
  outputDir: '../../.portico/e2e',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  // A shared machine can stand still for a minute. What needed a second try is listed at the end of the run.
  retries: 1,
  reporter: 'list',
  use: { locale: 'en-GB', launchOptions: { executablePath, args: QUIET }, trace: 'off', video: 'off' },
  projects: [
    { name: 'script', testDir: '.', use: { javaScriptEnabled: true } },
    { name: 'no-script', testDir: 'journeys', use: { javaScriptEnabled: false } },
  ],
})
