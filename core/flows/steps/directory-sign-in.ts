import type { Directory } from '../../federation/index.ts'
import { signInWithDirectory } from '../../sign-in/index.ts'
import { ofProvider } from '../federation/departure.ts'
import { welcomeIdentity } from '../federation/welcome.ts'
import type { JourneyPorts } from '../ports.ts'
import type { StepAnswer, StepInput } from '../step-handler.ts'
import { refusedProof } from './refused-proof.ts'

/**
 * The password page's answer for a name that leads to a directory. Who was proven there is welcomed like somebody whom any provider
 * has named; every refusal is an event with the directory's reason, of which the page shows the pool's words alone.
 */
export const signInByDirectory = async (
  ports: JourneyPorts,
  input: StepInput,
  directory: Directory,
  { login, password }: { login: string; password: string },
): Promise<StepAnswer> => {
  const { asksDirectory } = ports.federation
  const proven = await signInWithDirectory({ ...ports, asksDirectory })({
    directory,
    login,
    password,
    context: input.context,
  })
  const refuse = (failure: Parameters<typeof ofProvider>[0]) =>
    refusedProof(ports, input, 'password', ofProvider(failure, directory), directory.name)
  if (!proven.ok) return refuse(proven.failure)
  const answer = await welcomeIdentity(ports, input, directory, proven.value, password)
  if (answer.kind === 'moved') return answer
  const refusal = refuse(answer.failure)
  return { ...answer, ...refusal, events: [...(answer.events ?? []), ...(refusal.events ?? [])] } as StepAnswer
}
