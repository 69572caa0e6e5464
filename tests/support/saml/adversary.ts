import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SamlRefusal } from '#adapters/saml/refusals.ts'
import type { UpstreamCallback, UpstreamState } from '#core/federation/ports.ts'
import { AT, honestResponse } from './test-idp.ts'
import { outcome, posted, REMEMBERED, testProvider } from './test-provider.ts'

export interface Attack {
  /** What the attacker does. */
  title: string
  because: SamlRefusal
  /** The document, or the parameter where it is not a document's base64. */
  response: () => string | Buffer | { field: string }
  /** Beside the defaults; an honest response must pass with the same. */
  settings?: Record<string, unknown>
  remembered?: UpstreamState
  relayState?: string | null
  /** Epoch milliseconds at which it comes in. */
  now?: number
  /** What the same provider accepted just before. */
  after?: () => string
}

const callbackOf = ({ response, now, relayState }: Attack): UpstreamCallback => {
  const sent = response()
  if (typeof sent === 'string' || Buffer.isBuffer(sent)) return posted(sent, now, relayState)
  const empty = posted('', now, relayState)
  return { ...empty, parameters: { ...empty.parameters, SAMLResponse: sent.field } }
}

/** Every attack is refused for its own reason, by a provider that takes an honest response. The report is: case → expected → got. */
export const refusesAll = (title: string, attacks: readonly Attack[]): void => {
  describe(title, () => {
    for (const attack of attacks)
      it(`refuses: ${attack.title}`, async (test) => {
        const { provider } = testProvider(attack.settings)
        if (attack.after) assert.equal(outcome(await provider.finish(posted(attack.after()), REMEMBERED)), 'accepted')
        const result = await provider.finish(callbackOf(attack), attack.remembered ?? REMEMBERED)
        test.diagnostic(`${attack.title} → ${attack.because} → ${outcome(result)}`)
        assert.equal(result.ok, false)
        assert.equal(outcome(result), attack.because)
      })

    const variants = new Set(attacks.map(({ settings = {} }) => JSON.stringify(settings)))
    for (const settings of variants)
      it(`accepts an honest response with the settings ${settings}`, async () => {
        const { provider } = testProvider(JSON.parse(settings))
        const result = await provider.finish(posted(honestResponse(), AT), REMEMBERED)
        assert.equal(outcome(result), 'accepted')
      })
  })
}
