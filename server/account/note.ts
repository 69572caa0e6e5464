import type { ShownFailure } from '#core/flows/flow-view.ts'
import type { Clock, Sealer } from '#core/shared/ports.ts'
import type { Config } from '../config.ts'
import { readCookie } from '../cookies.ts'

/** What a post leaves for the page that follows it. */
export interface AccountNote {
  notice?: string
  failure?: ShownFailure
  /** Typed before; never a secret. */
  values?: Readonly<Record<string, string>>
  /** Shown once. */
  codes?: readonly string[]
}

/** A note is for the next page, not for the next hour. Milliseconds. */
const LASTS_MS = 60_000
/** Browsers refuse larger cookies (RFC 6265 §6.1). */
const MOST_BYTES = 3_800

/**
 * Carries a note from an answer to the page it leads to, sealed for one session: in a cookie, so that nothing of it stands in
 * an address, and no row outlives its moment.
 */
export const accountNotes = ({
  config,
  secrets,
  clock,
}: {
  config: Pick<Config, 'isSecure'>
  secrets: Sealer
  clock: Clock
}) => {
  const name = `${config.isSecure ? '__Secure-' : ''}portico_note`
  const cookie = (base: string, value: string, seconds: number): string =>
    `${name}=${value}; Path=${base}/account; Max-Age=${seconds}; HttpOnly; SameSite=Lax${config.isSecure ? '; Secure' : ''}`

  return {
    /** `Set-Cookie` with the note. Typed values are left out where they are too long to travel. */
    leave(base: string, session: string, note: AccountNote): string {
      const sealed = (kept: AccountNote) =>
        secrets.seal('account-note', session, JSON.stringify({ ...kept, at: clock.now().getTime() }))
      const whole = sealed(note)
      const { values: _, ...short } = note
      return cookie(base, whole.length <= MOST_BYTES ? whole : sealed(short), LASTS_MS / 1000)
    },
    /** The note of this session, once: `gone` is the `Set-Cookie` that takes it away. Null: there is none. */
    take(base: string, session: string, header: string | undefined): { note: AccountNote; gone: string } | null {
      const sealed = readCookie(header, name)
      if (sealed === undefined || sealed === '') return null
      const gone = cookie(base, '', 0)
      try {
        const { at, ...note } = JSON.parse(secrets.open('account-note', session, sealed)) as AccountNote & {
          at: number
        }
        return { note: clock.now().getTime() - at <= LASTS_MS ? note : {}, gone }
      } catch {
        return { note: {}, gone }
      }
    },
  }
}
