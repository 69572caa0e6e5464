import { newEvent } from '../../events/index.ts'
import { scopesToAllow } from '../after-proof.ts'
import { field, fields, moved, type StepHandler } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'

/** Scopes an app cannot do without: what tells it who signed in. The others are the person's choice. */
export const isRequiredScope = (scope: string): boolean =>
  scope === 'openid' || scope === 'profile' || scope === 'email'

/** The person's answer to what the app asks for. A refusal goes back to the app as `access_denied`. */
export const submitConsent: StepHandler = (ports) => async (input) => {
  const { flow, pool, client, form, now, context } = input
  const { proof, request } = flow.state
  if (proof === null) return moved('sign-in', droppedByEntry)
  const asked = scopesToAllow(request.scopes)
  const event = (type: 'consent.granted' | 'consent.refused', scopes: readonly string[]) =>
    newEvent(ports.random, now, {
      poolId: pool.id,
      type,
      outcome: type === 'consent.granted' ? 'success' : 'failure',
      sub: proof.sub,
      clientId: client.id,
      flowId: flow.id,
      context,
      detail: { scopes: scopes.join(' ') },
    })
  if (field(form, 'decision') !== 'allow') {
    return moved('done', { refusal: { error: 'access_denied', description: 'the person did not allow it' } }, [
      event('consent.refused', asked),
    ])
  }
  const chosen = new Set(fields(form, 'scope'))
  const allowed = asked.filter((scope) => isRequiredScope(scope) || chosen.has(scope))
  await ports.consents.grant(pool.id, proof.sub, client.id, allowed, now, {
    events: [event('consent.granted', allowed)],
  })
  return moved('done', { consented: [...(request.scopes.includes('openid') ? ['openid'] : []), ...allowed] })
}
