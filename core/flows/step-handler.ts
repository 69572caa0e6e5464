import type { AppClient } from '../clients/client-settings.ts'
import type { AuthEvent } from '../events/event.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { RequestContext } from '../shared/ports.ts'
import type { Failure } from '../shared/result.ts'
import type { TriggerCall } from '../triggers/index.ts'
import type { User } from '../users/ports.ts'
import type { Flow, FlowState } from './flow.ts'
import type { FlowStep } from './flow-view.ts'
import type { JourneyPorts } from './ports.ts'

/** Fields of a posted form; repeated ones joined by the reader into an array. */
export type Form = Readonly<Record<string, string | readonly string[]>>

export interface StepInput {
  flow: Flow
  pool: Pool
  client: AppClient
  form: Form
  context: RequestContext
  now: Date
}

/** What a step decided; the engine checks the move, writes row and events together, and sends the browser on. */
export type StepAnswer =
  | {
      kind: 'moved'
      step: FlowStep
      state?: Partial<FlowState>
      events?: readonly AuthEvent[]
      /** Name of the identity provider that the browser leaves for. */
      leavesFor?: string
    }
  | { kind: 'refused'; failure: Failure; state?: Partial<FlowState>; events?: readonly AuthEvent[] }

export type StepHandler = (ports: JourneyPorts) => (input: StepInput) => Promise<StepAnswer>

/** The step is done; the journey goes on at `step`, with these parts of its state replaced. */
export const moved = (
  step: FlowStep,
  state: Partial<FlowState> = {},
  events: readonly AuthEvent[] = [],
): Extract<StepAnswer, { kind: 'moved' }> => ({
  kind: 'moved',
  step,
  state,
  events,
})

/** The same page again with a failure: masked by the engine, kept in full by the events. */
export const refused = (
  failure: Failure,
  state: Partial<FlowState> = {},
  events: readonly AuthEvent[] = [],
): StepAnswer => ({
  kind: 'refused',
  failure,
  state,
  events,
})

/** What every trigger of a journey is told, about a person or who is about to be one. */
export const triggerCall = (
  { flow, pool, client }: Pick<StepInput, 'flow' | 'pool' | 'client'>,
  { username, attributes }: Pick<User, 'username' | 'attributes'>,
): TriggerCall => ({
  poolId: pool.id,
  clientId: client.id,
  eventId: flow.state.eventId,
  username,
  attributes,
  locale: flow.state.locale,
  clientMetadata: {},
})

/** One value of a field; the first of several. Longer than `most` characters is cut: no field of ours needs more. */
export const field = (form: Form, name: string, most = 2048): string => {
  const value = form[name]
  const first = typeof value === 'string' ? value : (value?.[0] ?? '')
  return first.slice(0, most)
}

/** All values of a field, in the order of the form. */
export const fields = (form: Form, name: string): readonly string[] => {
  const value = form[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}
