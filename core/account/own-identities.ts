import {
  identityText,
  isDirectory,
  isLastWayIn,
  type LinkedIdentity,
  labelOf,
  MOST_LINKED_IDENTITIES,
  nameThere,
  waysIn,
} from '../federation/index.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { AccountContent, ConnectionView } from './account-view.ts'
import { type Doer, noticeOf, ownEvent, presentPerson, provenPerson } from './doer.ts'
import type { AccountPorts } from './ports.ts'

/** What a form names an identity by: it opens nothing, and means nothing to anybody else. */
const keyOf = ({ hashes }: Pick<AccountPorts, 'hashes'>, identity: LinkedIdentity, sub: string): string =>
  hashes.of('identity-form', identityText(identity, sub))

/** As the provider named them at the last sign-in; null: it did not, or they never signed in by it. */
const shownIdentity = async (
  { identities }: Pick<AccountPorts, 'identities'>,
  identity: LinkedIdentity,
): Promise<string | null> => nameThere((await identities.record(identity))?.claims ?? {})

/**
 * Accounts elsewhere that lead into one's own, and providers that can be connected: each that is switched on and not connected yet.
 * A directory is not among those: it is connected where its password was typed, at a sign-in.
 * Fails with `user-missing`.
 */
export const ownIdentities =
  (ports: AccountPorts) =>
  async (doer: Doer): Promise<Result<Omit<Extract<AccountContent, { page: 'connections' }>, 'page'>>> => {
    const { pool, sub } = doer
    const [found, providers] = [await presentPerson(ports, doer), await ports.providers.list(pool.id)]
    if (!found.ok) return found
    const ways = await waysIn(ports)(pool, found.value)
    const byName = new Map(providers.map((provider) => [provider.name, provider]))
    const toView = async (identity: LinkedIdentity): Promise<ConnectionView> => {
      const provider = byName.get(identity.provider)
      return {
        key: keyOf(ports, identity, sub),
        provider: provider === undefined ? identity.provider : labelOf(provider),
        logo: provider?.settings.logo ?? null,
        identity: await shownIdentity(ports, identity),
        since: identity.linkedAt.toISOString(),
        isLastWayIn: isLastWayIn(ways, identity),
      }
    }
    const connected = new Set(ways.identities.map(({ provider }) => provider))
    return ok({
      identities: await Promise.all(ways.identities.map(toView)),
      providers: providers.flatMap((provider) => {
        const { name, settings } = provider
        const isOffered = settings.enabled && !isDirectory(provider) && !connected.has(name)
        return isOffered ? [{ name, label: labelOf(provider), logo: settings.logo }] : []
      }),
    })
  }

/**
 * Whether the person may set out to connect a provider, after a fresh proof (attack 51); the journey does the rest. Fails with
 * `proof-not-fresh`, `user-missing`, `too-many-identities`, and `provider-unknown` for one that is not offered.
 */
export const mayConnect =
  (ports: AccountPorts) =>
  async (doer: Doer, name: string): Promise<Result<{ provider: string; label: string }>> => {
    const proven = await provenPerson(ports, doer)
    if (!proven.ok) return proven
    const own = await ownIdentities(ports)(doer)
    if (!own.ok) return own
    const found = own.value.providers.find((provider) => provider.name === name)
    if (found === undefined) return fail('provider-unknown')
    return own.value.identities.length >= MOST_LINKED_IDENTITIES
      ? fail('too-many-identities')
      : ok({ provider: name, label: found.label })
  }

/**
 * Disconnects an account elsewhere from one's own, after a fresh proof (attack 51): what it gave stops being honoured everywhere but in
 * this browser, and the person is told. The last way in stays, of two removals at once as well.
 *
 * Fails with `proof-not-fresh`, `user-missing`, `identity-unknown` and `last-way-in`.
 */
export const unlinkOwnIdentity =
  (ports: AccountPorts) =>
  async (doer: Doer, key: string): Promise<Result<void>> => {
    const { pool, sub } = doer
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const ways = await waysIn(ports)(pool, found.value)
    const identity = ways.identities.find((each) => ports.hashes.equal(keyOf(ports, each, sub), key))
    if (identity === undefined) return fail('identity-unknown')
    if (isLastWayIn(ways, identity)) return fail('last-way-in')
    const isOnlyWayByIdentities = !ways.hasPassword && ways.passkeys === 0
    const event = ownEvent(ports, doer, { type: 'identity.unlinked', detail: { provider: identity.provider } })
    const provider = await ports.providers.find(pool.id, identity.provider)
    const label = provider === null ? identity.provider : labelOf(provider)
    return ports.identities.unlink(
      identity,
      sub,
      {
        events: [event],
        messages: await noticeOf(ports, doer, found.value.user, event, {
          purpose: 'identity-unlinked',
          facts: { provider: label },
        }),
      },
      {
        endSessionsAt: ports.clock.now(),
        keepSession: doer.sessionId,
        ...(isOnlyWayByIdentities ? { keepOneOf: ways.providers } : {}),
      },
    )
  }
