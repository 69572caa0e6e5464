import { agentOf, chromiumVersionOf } from '../agent.ts'
import { knows } from '../profile.ts'
import { type Signal, tells } from '../signal.ts'

const SAYS_SO =
  /HeadlessChrome|PhantomJS|Electron\/|Playwright|Puppeteer|python|curl\/|wget\/|Go-http-client|Java\/|okhttp|axios|node-fetch|undici|libwww|scrapy|aiohttp|httpx/i
/** No browser's is longer. */
const LONGEST = 512
/** Chromium sends client hints since this version. */
const HINTS_SINCE = 89

/**
 * What programs forget and browsers do not: a user agent, languages, client hints of a Chromium over https. Whoever always
 * came that way — an app of the pool's own — comes that way again without a word.
 */
export const automation: Signal = ({ request, profile }) => {
  const { userAgent, acceptLanguage, clientHints, isSecure } = request
  const agent = agentOf(userAgent)
  if (agent === null) return tells(1, 'automation')
  const text = (userAgent ?? '').slice(0, LONGEST)
  const lacksLanguage = acceptLanguage === null || acceptLanguage.trim() === ''
  const version = chromiumVersionOf(userAgent)
  const lacksHints =
    isSecure && version !== null && version >= HINTS_SINCE && clientHints?.brands == null && !/; wv\)/.test(text)
  const contradictsHints = clientHints?.brands != null && version === null
  const strength = SAYS_SO.test(text)
    ? 1
    : (lacksLanguage ? 0.5 : 0) + (lacksHints ? 0.5 : 0) + (contradictsHints ? 0.5 : 0)
  return strength === 0 || (knows(profile.agents, agent) && agent.startsWith('Other'))
    ? null
    : tells(strength, 'automation')
}
