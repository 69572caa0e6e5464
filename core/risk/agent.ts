/** A browser and its system, as people would say it. */
interface Agent {
  browser: string
  version: string | null
  system: string
  systemVersion: string | null
}

/** First match wins: everybody claims to be everybody else, the rarest claim comes first. */
const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d+)/],
  ['Opera', /\b(?:OPR|OPiOS|Opera)\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Headless Chrome', /\bHeadlessChrome\/(\d+)/],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]*(?: Mobile\/\w+)? Safari\//],
]

const SYSTEMS: readonly [name: string, pattern: RegExp][] = [
  ['iOS', /\b(?:iPhone|iPad|iPod)\b(?:.*? OS (\d+))?/],
  ['Android', /\bAndroid(?: (\d+))?/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows(?: NT (\d+))?/],
  ['macOS', /\bMac OS X(?: (\d+))?/],
  ['Linux', /\bLinux\b/],
]

/** Longer ones are no browser's, and patterns should not be fed with them. */
const LONGEST = 512

const find = (table: readonly [string, RegExp][], text: string): [name: string, version: string | null] => {
  for (const [name, pattern] of table) {
    const match = pattern.exec(text)
    if (match !== null) return [name, match[1] ?? null]
  }
  return ['Other', null]
}

const read = (userAgent: string | null): Agent => {
  const text = (userAgent ?? '').slice(0, LONGEST)
  const [browser, version] = find(BROWSERS, text)
  const [system, systemVersion] = find(SYSTEMS, text)
  return { browser, version, system, systemVersion }
}

/**
 * `Chrome on Windows`: the same for every version, so that an update of the browser makes nobody a stranger.
 * Null when there is no user agent.
 */
export const agentOf = (userAgent: string | null): string | null => {
  if (userAgent === null || userAgent.trim() === '') return null
  const { browser, system } = read(userAgent)
  return `${browser} on ${system}`
}

/** Cognito's `DeviceName`: `Chrome 120, Windows 10`; `Other, Other` for what cannot be read. */
export const deviceNameOf = (userAgent: string | null): string => {
  const { browser, version, system, systemVersion } = read(userAgent)
  const said = (name: string, number: string | null) => (number === null ? name : `${name} ${number}`)
  return `${said(browser, version)}, ${said(system, systemVersion)}`
}

/** Version of a browser of Chromium's family; null for every other, and on iOS, where all are Safari inside. */
export const chromiumVersionOf = (userAgent: string | null): number | null => {
  const text = (userAgent ?? '').slice(0, LONGEST)
  const version = /\bChrom(?:e|ium)\/(\d+)/.exec(text)?.[1]
  return version === undefined ? null : Number(version)
}

/** First language of an `Accept-Language` header, primary subtag alone: `de` of `de-AT,de;q=0.9,en;q=0.8`. */
export const languageOf = (acceptLanguage: string | null): string | null =>
  /^\s*([a-z]{2,3})\b/i.exec(acceptLanguage ?? '')?.[1]?.toLowerCase() ?? null
