import type { Flow } from '#core/flows/flow.ts'
import type { FlowStore } from '#core/flows/ports.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

/** Journeys in memory. Every method is one turn of the event loop, so that of two at once exactly one wins. */
export const memoryFlows = (book: Ledger = ledger()): FlowStore => {
  const flows = new Map<string, Flow>()
  return {
    async open(flow, alongside) {
      const key = keyOf(flow.poolId, flow.id)
      if (flows.has(key)) return false
      flows.set(key, structuredClone(flow))
      book.add(alongside)
      return true
    },
    find: async (poolId, flowId) => structuredClone(flows.get(keyOf(poolId, flowId)) ?? null),
    async save(flow, alongside) {
      const key = keyOf(flow.poolId, flow.id)
      const stored = flows.get(key)
      if (stored === undefined || stored.version !== flow.version) return false
      const { step, state, expiresAt } = structuredClone(flow)
      flows.set(key, { ...stored, step, state, expiresAt, version: flow.version + 1 })
      book.add(alongside)
      return true
    },
    async finish(poolId, flowId, alongside) {
      if (!flows.delete(keyOf(poolId, flowId))) return false
      book.add(alongside)
      return true
    },
  }
}
