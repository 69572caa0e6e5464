import { confirmByLink, linkTarget } from '#core/flows/index.ts'
import type { Failure } from '#core/shared/result.ts'
import { landing } from './landing.ts'

/** Pressed twice, or in two tabs: the first press counted, and that is good news. Whatever else is wrong is one page. */
const problemOf = ({ code }: Failure): string => (code === 'code-used' ? 'linkUsed' : 'linkUnusable')

/** Proves the address of a sign-up. The journey's own browser goes on from there. */
export const signUpLink = landing('/confirmUser', {
  async show({ ports }, { runtime, token, frame, refuse }) {
    const target = await linkTarget(ports)(runtime.pool, token)
    if (!target.ok) return refuse(problemOf(target.failure))
    const { destination, locale } = target.value
    const shown = await frame(null, locale)
    return {
      model: { kind: 'link', frame: shown, purpose: 'sign-up', destination, fields: { token }, failure: null },
      status: 200,
    }
  },

  async press({ ports, clients }, { runtime, token, request, frame, refuse }) {
    const { pool } = runtime
    const answer = await confirmByLink(ports)({
      pool,
      token,
      context: request.context,
      clientOf: async (clientId) => (await clients.find(pool.id, clientId))?.client ?? null,
    })
    if (!answer.ok) return refuse(problemOf(answer.failure))
    const { client, locale } = answer.value
    const signIn = client?.settings.initiateLoginUrl ?? null
    const shown = await frame(client, locale)
    return { model: { kind: 'link-done', frame: shown, purpose: 'sign-up', signIn }, status: 200 }
  },
})
