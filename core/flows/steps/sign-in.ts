import { ok } from '../../shared/result.ts'
import { signInWithPassword } from '../../sign-in/index.ts'
import { parseSignInName } from '../../users/index.ts'
import { advance } from '../advance.ts'
import { noteExposure } from '../exposed-password.ts'
import { passwordHome, takesOwnPasswords, whosePassword } from '../federation/whose-password.ts'
import { asksNameFirst } from '../first-factors.ts'
import type { JourneyPorts } from '../ports.ts'
import { field, moved, refused, type StepAnswer, type StepHandler, type StepInput } from '../step-handler.ts'
import { droppedByEntry } from '../steps.ts'
import { startAccountConfirmation } from './confirm-account.ts'
import { signInByDirectory } from './directory-sign-in.ts'
import { afterName } from './first-code.ts'
import { startRecoveryOf } from './recovery.ts'
import { refusedProof } from './refused-proof.ts'

interface Typed {
  login: string
  password: string
}

const keepsSignedIn = ({ pool, form }: StepInput): boolean =>
  pool.settings.session.keepSignedIn && field(form, 'keep') !== ''

/** A password of the pool's own people. */
const signInHere = async (ports: JourneyPorts, input: StepInput, { login, password }: Typed): Promise<StepAnswer> => {
  const { flow, pool, client, context } = input
  const values = { ...flow.state.values, username: login }
  const result = await signInWithPassword(ports)({
    pool,
    clientId: client.id,
    eventId: flow.state.eventId,
    locale: flow.state.locale,
    login,
    password,
    context,
  })
  if (!result.ok) return refusedProof(ports, input, 'password', result.failure)
  const keepSignedIn = keepsSignedIn(input)
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
      return advance(ports, input, {
        user,
        // Somebody brought along by this very sign-in came into being, password and all, a moment after it began.
        proofs: [{ method: 'password', at: Math.max(input.now.getTime(), user.createdAt.getTime()) }],
        state: { ...droppedByEntry, values, keepSignedIn, owedPassword },
      })
    }
  }
}

/** The same work for a name that the app takes from nobody: as for one that nobody has. */
const signInNowhere = (ports: JourneyPorts, input: StepInput, typed: Typed): Promise<StepAnswer> =>
  signInHere(
    {
      ...ports,
      users: { ...ports.users, findByName: async () => null },
      triggers: { ...ports.triggers, migrateUser: async () => ok(null) },
    },
    input,
    typed,
  )

const signIn = async (ports: JourneyPorts, input: StepInput, login: string, password: string): Promise<StepAnswer> => {
  const values = { ...input.flow.state.values, username: login }
  const home = await passwordHome(ports, input, login)
  // Whoever belongs to a provider is sent there, and has no password here to be right or wrong.
  if (home.kind === 'away') return { ...moved('sign-in', { values }), leavesFor: home.provider }
  if (password === '') return refused({ code: 'password-empty', field: 'password' }, { values })
  const typed = { login, password }
  switch (home.kind) {
    case 'directory': {
      const answer = await signInByDirectory(ports, input, home.directory, typed)
      const keepSignedIn = keepsSignedIn(input)
      return { ...answer, state: answer.kind === 'refused' ? { values } : { ...answer.state, values, keepSignedIn } }
    }
    case 'here':
    case 'nowhere': {
      const answer = await (home.kind === 'here' ? signInHere : signInNowhere)(ports, input, typed)
      return answer.kind === 'refused' ? { ...answer, state: { values } } : answer
    }
  }
}

/** The name alone: on by what its domain says, and otherwise the same way whether anybody has it. */
const goOnWith = async (ports: JourneyPorts, input: StepInput, login: string): Promise<StepAnswer> => {
  const { client, pool, flow } = input
  const values = { ...flow.state.values, username: login }
  const providers = await ports.federation.providers.list(pool.id)
  const takesOwn = takesOwnPasswords(input)
  const home = whosePassword({ client, providers, takesOwn, login, account: null, isToBeProven: false })
  if (home.kind === 'away') return { ...moved('sign-in', { values }), leavesFor: home.provider }
  if (home.kind === 'directory' && !home.directory.settings.forEverybody)
    return moved('password', { ...droppedByEntry, values })
  const name = parseSignInName(pool, login)
  // A directory may know names that could be nobody's here.
  if (!name.ok && home.kind !== 'directory') return refused({ ...name.failure, field: 'username' }, { values })
  return afterName(ports, input, login)
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
  return asksNameFirst(input.pool.settings)
    ? goOnWith(ports, input, login)
    : signIn(ports, input, login, field(input.form, 'password', 4096))
}

/** The password page of the identifier-first layout. The name is the journey's, not the form's. */
export const submitPassword: StepHandler = (ports) => async (input) =>
  signIn(ports, input, input.flow.state.values.username ?? '', field(input.form, 'password', 4096))
