import { ok, type Result } from '../shared/result.ts'
import { type Doer, ownEvent } from './doer.ts'
import type { AccountPorts } from './ports.ts'

type Ports = Pick<AccountPorts, 'ownSessions' | 'devices' | 'random' | 'clock'>

/** Signs out somewhere else, at once: its session, grants and tokens. Fails with `session-missing`. */
export const endOwnSession =
  ({ ownSessions, ...ports }: Ports) =>
  (doer: Doer, id: string): Promise<Result<void>> =>
    ownSessions.end(doer.pool.id, doer.sub, id, {
      events: [ownEvent(ports, doer, { type: 'sign_out', detail: { where: 'elsewhere' } })],
    })

/** Signs out everywhere but here. */
export const endOtherSessions =
  ({ ownSessions, ...ports }: Ports) =>
  async (doer: Doer): Promise<Result<void>> => {
    await ownSessions.endOthers(doer.pool.id, doer.sub, doer.sessionId, {
      events: [ownEvent(ports, doer, { type: 'sign_out', detail: { where: 'all-others' } })],
    })
    return ok(undefined)
  }

/** Forgets a browser: it stands for no second factor any more, and is new when it comes again. Fails with `device-missing`. */
export const forgetOwnDevice =
  ({ devices, ...ports }: Ports) =>
  (doer: Doer, id: string): Promise<Result<void>> =>
    devices.forget(doer.pool.id, doer.sub, id, {
      events: [ownEvent(ports, doer, { type: 'device.forgotten' })],
    })
