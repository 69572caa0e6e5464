import type { ClientHints } from '#core/risk/index.ts'
import type { Chance } from './chance.ts'

export type DeviceKind = 'computer' | 'phone' | 'work-computer'

type Browser =
  | 'chrome-windows'
  | 'edge-windows'
  | 'firefox-windows'
  | 'safari-mac'
  | 'chrome-mac'
  | 'firefox-linux'
  | 'safari-iphone'
  | 'chrome-android'
  | 'samsung-android'

export type { Browser }

/** Shares of use, roughly. */
const USED: Record<DeviceKind, Partial<Record<Browser, number>>> = {
  computer: {
    'chrome-windows': 50,
    'edge-windows': 12,
    'firefox-windows': 7,
    'safari-mac': 13,
    'chrome-mac': 12,
    'firefox-linux': 3,
  },
  'work-computer': { 'edge-windows': 45, 'chrome-windows': 45, 'chrome-mac': 10 },
  phone: { 'safari-iphone': 40, 'chrome-android': 45, 'samsung-android': 15 },
}

export const someBrowser = (kind: DeviceKind, chance: Chance): Browser => chance.weighted(USED[kind])

/** Chromium's version on the first day; it and the others get a new one every four weeks. */
const FIRST_VERSION = 130
const versionOn = (day: number): number => FIRST_VERSION + Math.floor(day / 28)

const chromium = (system: string, version: number, more = ''): string =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko)${more.startsWith(' Samsung') ? more : ''} Chrome/${version}.0.0.0 ${system.includes('Android') ? 'Mobile ' : ''}Safari/537.36${more.startsWith(' Samsung') ? '' : more}`

const agentText = (browser: Browser, version: number): string => {
  switch (browser) {
    case 'chrome-windows':
      return chromium('Windows NT 10.0; Win64; x64', version)
    case 'edge-windows':
      return chromium('Windows NT 10.0; Win64; x64', version, ` Edg/${version}.0.0.0`)
    case 'chrome-mac':
      return chromium('Macintosh; Intel Mac OS X 10_15_7', version)
    case 'chrome-android':
      return chromium('Linux; Android 10; K', version)
    case 'samsung-android':
      return chromium('Linux; Android 10; K', version, ` SamsungBrowser/${version - 102}.0`)
    case 'firefox-windows':
      return `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`
    case 'firefox-linux':
      return `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`
    case 'safari-mac':
      return `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version - 112}.0 Safari/605.1.15`
    case 'safari-iphone':
      return `Mozilla/5.0 (iPhone; CPU iPhone OS ${version - 112}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version - 112}.1 Mobile/15E148 Safari/604.1`
  }
}

export interface Headers {
  userAgent: string | null
  clientHints: ClientHints | null
  acceptLanguage: string | null
}

const hintsOf = (browser: Browser, version: number): ClientHints | null => {
  if (browser.startsWith('safari') || browser.startsWith('firefox')) return null
  const platform = browser.endsWith('windows') ? 'Windows' : browser.endsWith('mac') ? 'macOS' : 'Android'
  return { brands: `"Chromium";v="${version}", "Not)A;Brand";v="8"`, platform: `"${platform}"` }
}

/** Headers of a real browser on that day. Some proxies of companies and virus scanners take the hints away. */
export const headersOf = (browser: Browser, day: number, language: string, stripsHints = false): Headers => {
  const version = versionOn(day)
  return {
    userAgent: agentText(browser, version),
    clientHints: stripsHints ? null : hintsOf(browser, version),
    acceptLanguage: language === 'en' ? 'en-US,en;q=0.9' : `${language},${language};q=0.9,en;q=0.8`,
  }
}

/** Headers of programs: those that do not pretend, and those that repeat an old browser's user agent and little else. */
export const scriptHeaders = (chance: Chance): Headers => {
  const userAgent = chance.pick([
    'python-requests/2.32.3',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/124.0.0.0 Safari/537.36',
    'Go-http-client/2.0',
    'okhttp/4.12.0',
    null,
  ])
  return { userAgent, clientHints: null, acceptLanguage: null }
}

export const staleHeaders = (chance: Chance): Headers => ({
  userAgent: chromium('Windows NT 10.0; Win64; x64', chance.whole(96, 120)),
  clientHints: null,
  acceptLanguage: chance.is(0.6) ? 'en-US,en;q=0.5' : null,
})
