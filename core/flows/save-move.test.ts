import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aFlow, alongside, aPoolId } from '#tests/support/builders.ts'
import { memoryFlows } from '#tests/support/memory/flows.ts'
import { ledger } from '#tests/support/memory/ledger.ts'
import type { Flow } from './flow.ts'
import { saveMove } from './save-move.ts'

const failure = { message: 'code.used', params: {}, field: 'code' }

const setup = async (meanwhile: (flow: Flow) => Flow | null) => {
  const written = ledger()
  const flows = memoryFlows(written)
  const before = aFlow(aPoolId(), { step: 'confirm-sign-up' })
  await flows.open(before, { events: [] })
  const other = meanwhile(before)
  if (other === null) await flows.finish(before.poolId, before.id, { events: [] })
  else await flows.save(other, { events: [] })
  const move = { ...before, step: 'sign-in', state: { ...before.state, notice: 'emailConfirmed' } } as const
  const saved = await saveMove({ flows }, before, move, alongside(before.poolId, 'sign_up.confirmed'))
  return { saved, now: await flows.find(before.poolId, before.id), events: written.events.length }
}

describe('a move of a journey', () => {
  it('goes over a refusal of the same page that was written first', async () => {
    const { saved, now, events } = await setup((flow) => ({
      ...flow,
      state: { ...flow.state, failure, values: { username: 'typed' } },
    }))
    assert.deepEqual([saved, now?.step, now?.state.failure, events], [true, 'sign-in', null, 1])
  })

  it('goes over no other move, and writes nothing of its own then', async () => {
    const { saved, now, events } = await setup((flow) => ({ ...flow, step: 'sign-up' }))
    assert.deepEqual([saved, now?.step, events], [false, 'sign-up', 0])
  })

  it('goes over nothing that was gained on the same page', async () => {
    const { saved, now } = await setup((flow) => ({ ...flow, state: { ...flow.state, sentAt: [1], failure } }))
    assert.deepEqual([saved, now?.state.sentAt], [false, [1]])
  })

  it('brings no journey back that is over', async () => {
    const { saved, now, events } = await setup(() => null)
    assert.deepEqual([saved, now, events], [false, null, 0])
  })
})
