import type {
  AppAccesses,
  ContactChange,
  ContactChangeStore,
  DataExport,
  DataExportStore,
  DeletionStore,
  ExportFiles,
  OwnSession,
  OwnSessions,
} from '#core/account/ports.ts'
import { fail, ok } from '#core/shared/result.ts'
import type { User } from '#core/users/ports.ts'
import { type Ledger, ledger } from './ledger.ts'

const NEVER = new Date(0)

/** Changes of addresses in memory; every act is one turn of the event loop. */
export const memoryContactChanges = (book: Ledger = ledger()): ContactChangeStore => {
  type Kept = ContactChange & { confirmedAt: Date | null; undoneAt: Date | null; undoHash: string | null }
  let kept: Kept[] = []
  const plain = (change: Kept | undefined): ContactChange | null => {
    if (change === undefined) return null
    const { confirmedAt: _, undoneAt: __, undoHash: ___, ...rest } = change
    return structuredClone(rest)
  }
  const drop = (poolId: string, sub: string, attribute: string) => {
    kept = kept.filter(
      (each) => each.poolId !== poolId || each.sub !== sub || each.attribute !== attribute || each.confirmedAt !== null,
    )
  }
  return {
    async start(change, alongside) {
      drop(change.poolId, change.sub, change.attribute)
      kept.push({ ...structuredClone(change), confirmedAt: null, undoneAt: null, undoHash: null })
      book.add(alongside)
    },
    waiting: async (poolId, sub, attribute, at) =>
      plain(
        kept.find(
          (each) =>
            each.poolId === poolId &&
            each.sub === sub &&
            each.attribute === attribute &&
            each.confirmedAt === null &&
            each.expiresAt > at,
        ),
      ),
    async confirm(poolId, id, undoHash, at, expiresAt) {
      const found = kept.find((each) => each.poolId === poolId && each.id === id && each.confirmedAt === null)
      if (found === undefined) return false
      Object.assign(found, { confirmedAt: at, undoHash, expiresAt })
      return true
    },
    findByUndo: async (poolId, undoHash, at) =>
      plain(
        kept.find(
          (each) =>
            each.poolId === poolId && each.undoHash === undoHash && each.undoneAt === null && each.expiresAt > at,
        ),
      ),
    async undo(poolId, id, at) {
      const found = kept.find(
        (each) =>
          each.poolId === poolId &&
          each.id === id &&
          each.confirmedAt !== null &&
          each.undoneAt === null &&
          each.expiresAt > at,
      )
      if (found === undefined) return false
      const isBuiltUpon = (each: Kept): boolean =>
        each.poolId === poolId &&
        each.sub === found.sub &&
        each.attribute === found.attribute &&
        each.undoneAt === null &&
        (each.confirmedAt ?? NEVER) >= (found.confirmedAt ?? NEVER)
      for (const each of kept.filter(isBuiltUpon)) each.undoneAt = at
      return true
    },
    drop: async (poolId, sub, attribute) => drop(poolId, sub, attribute),
  }
}

export const memoryDataExports = (book: Ledger = ledger()): DataExportStore => {
  const kept: (DataExport & { files: ExportFiles | null })[] = []
  const plain = ({ files: _, ...rest }: (typeof kept)[number]): DataExport => structuredClone(rest)
  const of = (poolId: string, sub: string, at: Date) =>
    kept.findLast((each) => each.poolId === poolId && each.sub === sub && each.expiresAt > at)
  return {
    async ask(asked, alongside) {
      const live = of(asked.poolId, asked.sub, asked.createdAt)
      if (live !== undefined && live.status !== 'failed') return false
      kept.push({ ...structuredClone(asked), files: null })
      book.add(alongside)
      return true
    },
    async latest(poolId, sub, at) {
      const found = of(poolId, sub, at)
      return found === undefined ? null : plain(found)
    },
    waiting: async (limit) =>
      kept
        .filter(({ status }) => status === 'queued')
        .slice(0, limit)
        .map(plain),
    async ready(poolId, id, files, at, expiresAt, alongside) {
      const found = kept.find((each) => each.poolId === poolId && each.id === id && each.status === 'queued')
      if (found === undefined) return false
      Object.assign(found, { status: 'ready', files, readyAt: at, expiresAt })
      book.add(alongside)
      return true
    },
    async failed(poolId, id) {
      const found = kept.find((each) => each.poolId === poolId && each.id === id && each.status === 'queued')
      if (found !== undefined) found.status = 'failed'
    },
    async open(poolId, sub, at) {
      const found = of(poolId, sub, at)
      return found?.status === 'ready' ? structuredClone(found.files) : null
    },
  }
}

/** Whose end was asked for; `people` are looked up where the directory keeps them. */
export const memoryDeletions = (
  people: { find(poolId: string, sub: string): Promise<User | null> },
  book: Ledger = ledger(),
): DeletionStore => {
  const due = new Map<string, { user: User; at: Date; isClaimed: boolean }>()
  const key = (poolId: string, sub: string) => `${poolId}|${sub}`
  return {
    async schedule(poolId, sub, deleteAfter, _at, alongside) {
      const user = await people.find(poolId, sub)
      if (user === null || !user.enabled || due.has(key(poolId, sub))) return fail('user-missing')
      due.set(key(poolId, sub), { user, at: deleteAfter, isClaimed: false })
      book.add(alongside)
      return ok(undefined)
    },
    async cancel(poolId, sub, deleteAfter, alongside) {
      const found = due.get(key(poolId, sub))
      if (found === undefined || found.isClaimed || found.at.getTime() !== deleteAfter.getTime())
        return fail('link-unusable')
      due.delete(key(poolId, sub))
      book.add(alongside)
      return ok(undefined)
    },
    async claimDue(now, limit) {
      const ripe = [...due.values()].filter(({ at }) => at <= now).slice(0, limit)
      for (const each of ripe) each.isClaimed = true
      return ripe.map(({ user }) => user)
    },
  }
}

/** Sessions as a test says they are: a list per person. */
export const memoryOwnSessions = (
  book: Ledger = ledger(),
): OwnSessions & { add(sub: string, one: OwnSession): void } => {
  const kept = new Map<string, OwnSession[]>()
  return {
    add: (sub, one) => void kept.set(sub, [...(kept.get(sub) ?? []), one]),
    list: async (_poolId, sub) => kept.get(sub) ?? [],
    idOf: (_poolId, uid) => uid,
    async end(_poolId, sub, id, alongside) {
      const own = kept.get(sub) ?? []
      if (!own.some((each) => each.id === id)) return fail('session-missing')
      kept.set(
        sub,
        own.filter((each) => each.id !== id),
      )
      book.add(alongside)
      return ok(undefined)
    },
    async endOthers(_poolId, sub, keep, alongside) {
      kept.set(
        sub,
        (kept.get(sub) ?? []).filter((each) => each.id === keep),
      )
      book.add(alongside)
    },
  }
}

export const noAppAccesses: AppAccesses = {
  list: async () => [],
  revoke: async () => fail('client-unknown'),
}
