import type { Artifact, ArtifactStore } from '#adapters/postgres/pg-artifacts.ts'
import type { UserDirectory } from '#core/users/ports.ts'
import { keyOf, type Ledger, ledger } from './ledger.ts'

interface Kept {
  kind: string
  grantId: string | null
  payload: Record<string, unknown>
  /** Epoch milliseconds. */
  createdAt: number
  /** Epoch seconds. */
  expiresAt: number | null
  consumedAt: number | null
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What the protocol library stores, in memory; asks the directory whether the person still counts. */
export const memoryArtifacts = (users: Pick<UserDirectory, 'findBySub'>, now: () => Date, book: Ledger = ledger()) => {
  const rows = new Map<string, Kept>()
  const authTimeOf = ({ payload }: Kept): number | null =>
    typeof payload.authTime === 'number'
      ? payload.authTime
      : typeof payload.loginTs === 'number'
        ? payload.loginTs
        : null

  const isHonoured = async (poolId: string, row: Kept): Promise<boolean> => {
    const sub = text(row.payload.accountId)
    if (sub === null) return true
    const found = await users.findBySub(poolId, sub)
    if (found === null || !found.user.enabled || found.user.status === 'DELETING') return false
    const cutOff = found.user.sessionsValidAfter.getTime()
    return row.createdAt >= cutOff && (authTimeOf(row) ?? row.createdAt / 1000) >= Math.floor(cutOff / 1000)
  }

  const present = async (poolId: string, row: Kept | undefined): Promise<Artifact | null> => {
    if (row === undefined || (row.expiresAt !== null && row.expiresAt <= Math.floor(now().getTime() / 1000)))
      return null
    return (await isHonoured(poolId, row))
      ? structuredClone({ payload: row.payload, consumedAt: row.consumedAt })
      : null
  }

  const forPool = (poolId: string): ArtifactStore => {
    const mine = () => [...rows].filter(([key]) => JSON.parse(key)[0] === poolId)
    const ofKind = (kind: string, member: 'uid' | 'userCode', value: string) =>
      present(poolId, mine().find(([, row]) => row.kind === kind && row.payload[member] === value)?.[1])
    return {
      async upsert(kind, id, { jti: _, ...payload }, ttlSeconds) {
        const at = now().getTime()
        const key = keyOf(poolId, kind, id)
        const known = rows.get(key)
        if (known !== undefined && known.consumedAt !== null) return
        const row: Kept = {
          kind,
          grantId: kind === 'Grant' ? id : text(payload.grantId),
          payload: structuredClone(payload),
          createdAt: at,
          expiresAt: ttlSeconds === undefined ? null : Math.floor(at / 1000) + Math.floor(ttlSeconds),
          consumedAt: null,
        }
        const isSamePerson = known !== undefined && known.payload.accountId === payload.accountId
        if (isSamePerson && authTimeOf(known) === authTimeOf(row)) row.createdAt = known.createdAt
        rows.set(key, row)
      },
      async find(kind, id) {
        const found = await present(poolId, rows.get(keyOf(poolId, kind, id)))
        return found === null ? null : { ...found, payload: { ...found.payload, jti: id } }
      },
      findByUid: (kind, uid) => ofKind(kind, 'uid', uid),
      findByUserCode: (kind, userCode) => ofKind(kind, 'userCode', userCode),
      async consume(kind, id, atEpoch) {
        const row = rows.get(keyOf(poolId, kind, id))
        if (row === undefined || row.consumedAt !== null) return false
        row.consumedAt = atEpoch
        return true
      },
      async destroy(kind, id) {
        rows.delete(keyOf(poolId, kind, id))
      },
      async revokeByGrantId(kind, grantId) {
        for (const [key, row] of mine()) if (row.kind === kind && row.grantId === grantId) rows.delete(key)
      },
      async revokeGrants(grantIds, alongside) {
        for (const [key, row] of mine()) if (row.grantId !== null && grantIds.includes(row.grantId)) rows.delete(key)
        book.add(alongside)
      },
    }
  }
  return { forPool }
}
