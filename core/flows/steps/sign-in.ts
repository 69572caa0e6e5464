import { signInWithPassword } from '../../sign-in/index.ts'
import { parseSignInName } from '../../users/index.ts'
import { advance } from '../advance.ts'
import { noteExposure } from '../exposed-password.ts'
import { providerOfWord } from '../federation/offered-providers.ts'
import { asksNameFirst } from '../first-factors.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { startAccountConfirmation } from './confirm-account.ts'
import { afterName } from './first-code.ts'
import { startRecoveryOf } from './recovery.ts'
import { refusedProof } from './refused-proof.ts'

const signIn = async (ports: JourneyPorts, input: StepInput, login: string, password: string): Promise<StepAnswer> => {
  const { flow, pool, client, context } = input
  const values = { ...flow.state.values, username: login }
  if (password === '') return refused({ code: 'password-empty', field: 'password' }, { values })
  const result = await signInWithPassword(ports)({
    pool,
    clientId: client.id,
    eventId: flow.state.eventId,
    locale: flow.state.locale,
    login,
    password,
    context,
  })
  if (!result.ok) {
    const answer = refusedProof(ports, input, 'password', result.failure)
    return { ...answer, state: { values } }
  }
  const keepSignedIn = pool.settings.session.keepSignedIn && field(input.form, 'keep') !== ''
  const { user } = result.value
  const { kind } = result.value
  switch (kind) {
    case 'confirm-account': {
      const owedPassword = await noteExposure(ports, input, user, result.value.exposure)
      return startAccountConfirmation(ports, input, user, { values, keepSignedIn, owedPassword })
    }
    case 'reset-required':
      return startRecoveryOf(ports, input, user, login, { values })
    case 'new-password':
    case 'signed-in': {
      const owedPassword =
        kind === 'new-password' ? 'temporary' : await noteExposure(ports, input, user, result.value.exposure)
      const answer = await advance(ports, input, {
        user,
        // Somebody brought along by this very sign-in came into being, password and all, a moment after it began.
        proofs: [{ method: 'password', at: Math.max(input.now.getTime(), user.createdAt.getTime()) }],
        state: { ...droppedByEntry, values, keepSignedIn, owedPassword },
      })
      return answer.kind === 'refused' ? { ...answer, state: { values } } : answer
    }
  }
}

/**
 * The sign-in page: name and password together, or the name alone where the pool asks one thing at a time. The second
 * step is the same whether anybody has that name.
 */
export const submitSignIn: StepHandler = (ports) => async (input) => {
  const login = field(input.form, 'username', 512).trim()
  if (login === '')
    return refused(
      { code: 'identifier-empty', field: 'username' },
      { values: { ...input.flow.state.values, username: '' } },
    )
  // Whoever belongs to a provider is sent there, and has no password here to be right or wrong.
  const { flow, pool, client } = input
  const home = providerOfWord(client, await ports.federation.providers.list(pool.id), login)
  if (home !== null)
    return { ...moved('sign-in', { values: { ...flow.state.values, username: login } }), leavesFor: home.name }
  if (asksNameFirst(input.pool.settings)) {
    const name = parseSignInName(input.pool, login)
    if (!name.ok)
      return refused(
        { ...name.failure, field: 'username' },
        { values: { ...input.flow.state.values, username: login } },
      )
    return afterName(ports, input, login)
  }
  return signIn(ports, input, login, field(input.form, 'password', 4096))
}

/** The password page of the identifier-first layout. The name is the journey's, not the form's. */
export const submitPassword: StepHandler = (ports) => async (input) =>
  signIn(ports, input, input.flow.state.values.username ?? '', field(input.form, 'password', 4096))
