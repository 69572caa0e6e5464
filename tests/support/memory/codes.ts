import type { CodeAnswer, CodeStore, NewCode } from '#core/flows/ports.ts'
import { type Ledger, ledger } from './ledger.ts'

type Kept = NewCode & { consumedAt: Date | null }

const MAX_LIVE = 3

/** Codes and links in memory, newest last. */
export const memoryCodes = (book: Ledger = ledger()): CodeStore => {
  let codes: Kept[] = []
  const isSibling = (a: NewCode) => (b: NewCode) =>
    a.poolId === b.poolId && a.purpose === b.purpose && a.subject === b.subject

  const use = (present: Kept[], at: Date): CodeAnswer => {
    const live = present.find((code) => code.consumedAt === null && code.expiresAt > at)
    if (live === undefined) {
      const last = present.at(-1)
      return last === undefined ? { kind: 'mismatch' } : { kind: last.consumedAt === null ? 'expired' : 'used' }
    }
    const { consumedAt: _, ...code } = live
    for (const sibling of codes.filter(isSibling(live))) sibling.consumedAt ??= at
    return { kind: 'consumed', code: structuredClone(code) }
  }

  return {
    async issue(code, alongside) {
      if (
        codes.some(({ poolId, linkHash }) => poolId === code.poolId && linkHash !== null && linkHash === code.linkHash)
      )
        throw new Error('link hashes are unique in a pool')
      codes.push({ ...structuredClone(code), consumedAt: null })
      const live = codes.filter((each) => isSibling(code)(each) && each.consumedAt === null)
      const dropped = new Set(
        live.toSorted((a, b) => +b.createdAt - +a.createdAt || (a.id < b.id ? 1 : -1)).slice(MAX_LIVE),
      )
      codes = codes.filter((each) => !dropped.has(each))
      book.add(alongside)
    },
    consume: async (poolId, purpose, subject, codeHash, at) =>
      use(
        codes.filter(
          (code) =>
            code.poolId === poolId &&
            code.purpose === purpose &&
            code.subject === subject &&
            code.codeHash === codeHash,
        ),
        at,
      ),
    findByLink: async (poolId, linkHash) =>
      structuredClone(codes.find((code) => code.poolId === poolId && code.linkHash === linkHash) ?? null),
    consumeByLink: async (poolId, linkHash, at) =>
      use(
        codes.filter((code) => code.poolId === poolId && code.linkHash === linkHash),
        at,
      ),
  }
}
