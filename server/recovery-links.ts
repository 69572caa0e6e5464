import { recoveryBehind, stopByLink } from '#core/flows/index.ts'
import { destinationOf, maskAddress } from '#core/users/index.ts'
import type { User } from '#core/users/ports.ts'
import { landing } from './landing.ts'

const maskedAddress = (user: User | null): string => {
  const to = user === null ? null : destinationOf(user.attributes, 'proven-first')
  return to === null ? '' : maskAddress(to.address)
}

/** Stops the replacement of a lost factor: the token is all that is asked for, and stopping is all that it does. */
export const recoveryLink = landing('/factorRecovery', {
  async show({ ports }, { runtime, token, frame, refuse }) {
    const target = await recoveryBehind(ports)(runtime.pool, token)
    if (!target.ok) return refuse('linkUnusable')
    const destination = maskedAddress(target.value.user)
    const shown = await frame()
    return {
      model: { kind: 'link', frame: shown, purpose: 'factor-recovery', destination, fields: { token }, failure: null },
      status: 200,
    }
  },

  async press({ ports }, { runtime, token, request, frame, refuse }) {
    const stopped = await stopByLink(ports)(runtime.pool, token, request.context)
    if (!stopped.ok) return refuse('linkUnusable')
    const shown = await frame()
    return { model: { kind: 'link-done', frame: shown, purpose: 'factor-recovery', signIn: null }, status: 200 }
  },
})
