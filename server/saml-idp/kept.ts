import type { IncomingMessage, ServerResponse } from 'node:http'
import { LONGEST_JOURNEY_SECONDS } from '#core/flows/index.ts'
import type { KnownAs, Wanted } from '#core/saml-idp/index.ts'
import { readCookie } from '../cookies.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import type { SamlRoom } from './room.ts'

type Parts = Pick<SamlRoom, 'deps' | 'secrets'>

/** A sign-in on behalf of a client, while the person is at our pages. */
export interface PendingRequest {
  clientId: string
  /** Proven: one of the client's own. */
  acsUrl: string
  /** Null: nobody asked. */
  requestId: string | null
  relayState: string | null
  wanted: Wanted
  /** Of the code that is to come (RFC 7636). */
  verifier: string
}

/** A sign-out on its way through the apps of a session. */
export interface PendingLogout {
  /** Still to be told. */
  queue: readonly KnownAs[]
  sub: string | null
  /** Told just now; its answer is to come. */
  awaiting: { clientId: string; requestId: string } | null
  /** Some app could not be told, or said no. */
  isPartial: boolean
  /** Where it ends: an address of ours or of an app, proven before, or the answer to the client that wanted it. */
  end: { to: string } | { answer: { clientId: string; inResponseTo: string; relayState: string | null } }
}

/** Before anything was ended: what a client asks for, checked, until its browser comes with its session. */
export interface WantedLogout {
  clientId: string
  requestId: string
  nameId: string
  sessionIndexes: readonly string[]
  relayState: string | null
}

const LOGOUT_SECONDS = 600
const ID = /^[\w-]{43}$/

/**
 * Rows of an identity provider's business that is not finished, sealed; their ids are secrets of the browsers that carry them.
 * They rest beside the protocol's own, so that what belongs to a session goes with it.
 */
export const keptRows = ({ deps, secrets }: Parts) => {
  const { artifacts, config, hashes, random, clock } = deps
  const newId = () => Buffer.from(random.bytes(32)).toString('base64url')

  const keep = async (
    { pool }: PoolRuntime,
    kind: string,
    id: string,
    content: object,
    seconds: number,
    more: Record<string, string> = {},
  ): Promise<void> => {
    const sealed = secrets.seal(kind, `${pool.id}|${id}`, JSON.stringify(content))
    await artifacts.forPool(pool.id).upsert(kind, id, { sealed, ...more }, seconds)
  }

  const find = async <T>({ pool }: PoolRuntime, kind: string, id: string): Promise<T | null> => {
    const found = await artifacts.forPool(pool.id).find(kind, id)
    if (found === null || found.consumedAt !== null || typeof found.payload.sealed !== 'string') return null
    return JSON.parse(secrets.open(kind, `${pool.id}|${id}`, found.payload.sealed)) as T
  }

  /** What `find` finds, for one of any number of callers. */
  const take = async <T>(runtime: PoolRuntime, kind: string, id: string | undefined): Promise<T | null> => {
    if (id === undefined || !ID.test(id)) return null
    const found = await find<T>(runtime, kind, id)
    const store = artifacts.forPool(runtime.pool.id)
    return found !== null && (await store.consume(kind, id, Math.floor(clock.now().getTime() / 1000))) ? found : null
  }

  const cookieName = (id: string) => `${config.isSecure ? '__Secure-' : ''}portico_saml_${id.slice(0, 10)}`
  const proofOf = ({ pool }: PoolRuntime, id: string) => hashes.of('saml-request', `${pool.id}|${id}`)
  const setCookie = (res: ServerResponse, { base }: PoolRuntime, id: string, value: string, seconds: number): void =>
    void res.appendHeader(
      'set-cookie',
      `${cookieName(id)}=${value}; Path=${base}/saml2/idp; Max-Age=${seconds}; HttpOnly; SameSite=Lax${config.isSecure ? '; Secure' : ''}`,
    )

  const known = (clientId: string, sid: string) => `${clientId}|${sid}`

  return {
    /** Bound to this browser by a cookie of its own. Returns the id, which travels as `state`. */
    async openRequest(runtime: PoolRuntime, res: ServerResponse, pending: PendingRequest): Promise<string> {
      const id = newId()
      await keep(runtime, 'SamlRequest', id, pending, LONGEST_JOURNEY_SECONDS)
      setCookie(res, runtime, id, proofOf(runtime, id), LONGEST_JOURNEY_SECONDS)
      return id
    },
    /** Once, in the browser that began it; null otherwise. */
    async takeRequest(
      runtime: PoolRuntime,
      req: IncomingMessage,
      res: ServerResponse,
      id: string,
    ): Promise<PendingRequest | null> {
      const proof = ID.test(id) ? readCookie(req.headers.cookie, cookieName(id)) : undefined
      if (proof === undefined || !hashes.equal(proof, proofOf(runtime, id))) return null
      setCookie(res, runtime, id, '', 0)
      return take(runtime, 'SamlRequest', id)
    },

    async wantLogout(runtime: PoolRuntime, wanted: WantedLogout): Promise<string> {
      const id = newId()
      await keep(runtime, 'SamlWantedLogout', id, wanted, LOGOUT_SECONDS)
      return id
    },
    takeWantedLogout: (runtime: PoolRuntime, id: string | undefined): Promise<WantedLogout | null> =>
      take(runtime, 'SamlWantedLogout', id),

    async openLogout(runtime: PoolRuntime, pending: PendingLogout): Promise<string> {
      const id = newId()
      await keep(runtime, 'SamlLogout', id, pending, LOGOUT_SECONDS)
      return id
    },
    findLogout: async (runtime: PoolRuntime, id: string | undefined): Promise<PendingLogout | null> =>
      id === undefined || !ID.test(id) ? null : find(runtime, 'SamlLogout', id),
    moveLogout: (runtime: PoolRuntime, id: string, pending: PendingLogout): Promise<void> =>
      keep(runtime, 'SamlLogout', id, pending, LOGOUT_SECONDS),
    takeLogout: (runtime: PoolRuntime, id: string): Promise<PendingLogout | null> => take(runtime, 'SamlLogout', id),

    /** How a client knows the person of a session, for as long as the grant of that sign-in stands. */
    async rememberAs(
      runtime: PoolRuntime,
      as: KnownAs,
      { sub, grantId, seconds }: { sub: string; grantId: string; seconds: number },
    ): Promise<void> {
      await keep(runtime, 'SamlSession', known(as.clientId, as.sessionIndex), as, seconds, { accountId: sub, grantId })
    },
    knownAs: (runtime: PoolRuntime, clientId: string, sid: string): Promise<KnownAs | null> =>
      find(runtime, 'SamlSession', known(clientId, sid)),
  }
}
export type KeptRows = ReturnType<typeof keptRows>
