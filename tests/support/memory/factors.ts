import type { Factor } from '#core/factors/factor.ts'
import type { Device, DeviceStore, FactorStore, RecoveryCodeStore } from '#core/factors/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

/** Enrolled factors in memory; every act is one turn of the event loop. */
export const memoryFactors = (book: Ledger = ledger()): FactorStore & { preferred: Map<string, string | null> } => {
  let factors: (Factor & { secret: string | null })[] = []
  const preferred = new Map<string, string | null>()
  const at = (poolId: string, sub: string, id: string) =>
    factors.find((each) => each.poolId === poolId && each.sub === sub && each.id === id)
  const plain = ({ secret: _, ...factor }: Factor & { secret: string | null }): Factor => structuredClone(factor)
  return {
    preferred,
    list: async (poolId, sub) => factors.filter((each) => each.poolId === poolId && each.sub === sub).map(plain),
    async enrol(factor, alongside) {
      const isThere =
        at(factor.poolId, factor.sub, factor.id) !== undefined ||
        factors.some(
          (each) =>
            each.poolId === factor.poolId && each.credentialId !== null && each.credentialId === factor.credentialId,
        )
      if (isThere) return fail('factor-exists')
      factors.push(structuredClone({ ...factor, lastUsedAt: null }))
      book.add(alongside)
      return ok(undefined)
    },
    secretOf: async (poolId, sub, id) => at(poolId, sub, id)?.secret ?? null,
    async advance(poolId, sub, id, counter, now) {
      const found = at(poolId, sub, id)
      if (found === undefined) return false
      const isCountless = found.kind === 'passkey' && found.counter === 0 && counter === 0
      if (found.counter >= counter && !isCountless) return false
      Object.assign(found, { counter, lastUsedAt: now })
      return true
    },
    async used(poolId, sub, id, now) {
      const found = at(poolId, sub, id)
      if (found !== undefined && (found.lastUsedAt === null || found.lastUsedAt < now)) found.lastUsedAt = now
    },
    async findByCredential(poolId, credentialId) {
      const found = factors.find((each) => each.poolId === poolId && each.credentialId === credentialId)
      return found === undefined ? null : plain(found)
    },
    async noteBackup(poolId, sub, id, isBackedUp) {
      const found = at(poolId, sub, id)
      if (found?.passkey) found.passkey = { ...found.passkey, isBackedUp }
    },
    async rename(poolId, sub, id, name, alongside) {
      const found = at(poolId, sub, id)
      if (found === undefined) return fail('factor-missing')
      found.name = name
      book.add(alongside)
      return ok(undefined)
    },
    async remove(poolId, sub, id, alongside, keepOneOf = null) {
      const found = at(poolId, sub, id)
      if (found === undefined) return fail('factor-missing')
      const counted = factors.filter(
        (each) => each.poolId === poolId && each.sub === sub && keepOneOf?.includes(each.kind) === true,
      )
      if (counted.length === 1 && counted[0] === found) return fail('last-factor')
      factors = factors.filter((each) => each !== found)
      book.add(alongside)
      return ok(undefined)
    },
    async removeAll(poolId, sub, alongside) {
      factors = factors.filter((each) => each.poolId !== poolId || each.sub !== sub)
      book.add(alongside)
    },
    async prefer(poolId, sub, kind, alongside) {
      preferred.set(keyOf(poolId, sub), kind)
      book.add(alongside)
    },
  }
}

export const memoryRecoveryCodes = (book: Ledger = ledger()): RecoveryCodeStore => {
  const codes = new Map<string, { createdAt: Date; unused: Set<string>; total: number }>()
  return {
    async replace(poolId, sub, hashes, at, alongside) {
      codes.set(keyOf(poolId, sub), { createdAt: at, unused: new Set(hashes), total: hashes.length })
      book.add(alongside)
    },
    async use(poolId, sub, hash, _at, alongside) {
      const isUsed = codes.get(keyOf(poolId, sub))?.unused.delete(hash) === true
      if (isUsed) book.add(alongside)
      return isUsed
    },
    async count(poolId, sub) {
      const found = codes.get(keyOf(poolId, sub))
      return found === undefined ? null : { left: found.unused.size, total: found.total, createdAt: found.createdAt }
    },
  }
}

export const memoryDevices = (book: Ledger = ledger()): DeviceStore => {
  let devices: Device[] = []
  const isOf = (poolId: string, sub: string) => (each: Device) => each.poolId === poolId && each.sub === sub
  return {
    find: async (poolId, sub, tokenHash) =>
      structuredClone(devices.filter(isOf(poolId, sub)).find((each) => each.tokenHash === tokenHash) ?? null),
    list: async (poolId, sub) =>
      structuredClone(devices.filter(isOf(poolId, sub))).sort(
        (a, b) => +b.lastSeenAt - +a.lastSeenAt || (a.id < b.id ? 1 : -1),
      ),
    async seen(device, alongside) {
      const found = devices.filter(isOf(device.poolId, device.sub)).find((each) => each.tokenHash === device.tokenHash)
      if (found === undefined) devices.push(structuredClone(device))
      else
        Object.assign(found, {
          name: device.name,
          rememberedUntil: device.rememberedUntil ?? found.rememberedUntil,
          lastSeenAt: new Date(Math.max(+device.lastSeenAt, +found.lastSeenAt)),
          lastIp: device.lastIp,
          lastPlace: device.lastPlace,
        })
      book.add(alongside)
    },
    async forget(poolId, sub, id, alongside) {
      const before = devices.length
      devices = devices.filter((each) => !(isOf(poolId, sub)(each) && each.id === id))
      if (devices.length === before) return fail('device-missing')
      book.add(alongside)
      return ok(undefined)
    },
    async forgetOthers(poolId, sub, keep, alongside) {
      devices = devices.filter((each) => !isOf(poolId, sub)(each) || each.id === keep)
      book.add(alongside)
    },
  }
}
