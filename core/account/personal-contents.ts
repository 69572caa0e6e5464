import type { AuthEvent } from '../events/index.ts'
import type { AttributeField } from '../flows/flow-view.ts'
import type { PoolSettings } from '../pools/pool-settings.ts'
import { agentOf } from '../risk/index.ts'
import { ok, type Result } from '../shared/result.ts'
import type { Attributes } from '../users/ports.ts'
import type { AccountPage } from './account-places.ts'
import type { AccountContent, ActivityView, AppView, ContactView } from './account-view.ts'
import { CONTACT_CODE_MINUTES } from './change-contact.ts'
import { type Doer, presentPerson } from './doer.ts'
import { ACTIVITY_ROWS, type ActivityKind, activityKind, ownActivity } from './own-activity.ts'
import { ownIdentities } from './own-identities.ts'
import { ownAttributes } from './own-profile.ts'
import type { AccountPorts, FindClient } from './ports.ts'

export interface PersonalPorts extends AccountPorts {
  findClient: FindClient
  /** What a resource server says a scope is for; null: it does not. */
  describeScope(poolId: string, scope: string): Promise<string | null>
}

/** A place as pages show it; null where not even the country is known. */
export const placeOf = (place: { country: string | null; city: string | null } | null) =>
  place?.country == null ? null : { country: place.country, city: place.city }

/** Names of apps by id; those that are gone or disabled are left out. */
export const namesOfApps = async (
  { findClient }: Pick<PersonalPorts, 'findClient'>,
  poolId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => {
      const app = await findClient(poolId, id)
      return app === null ? [] : [[id, app.settings.displayName ?? app.name] as const]
    }),
  )
  return new Map(found.flat())
}

/** `sign_out.everywhere` → `signOutEverywhere`; with `Failed` where it failed. */
const whatOf = ({ type, outcome }: AuthEvent): string =>
  `${type.replace(/[._](\w)/g, (_, letter: string) => letter.toUpperCase())}${outcome === 'failure' ? 'Failed' : ''}`

/** The person's events as their page shows them. */
export const activityOf = async (
  ports: PersonalPorts,
  doer: Doer,
  kind: ActivityKind | null,
  limit: number,
): Promise<readonly ActivityView[]> => {
  const events = await ownActivity(ports)(doer, kind, limit)
  const ids = events.flatMap(({ clientId }) => clientId ?? []).filter((id) => id !== doer.client.id)
  const apps = await namesOfApps(ports, doer.pool.id, ids)
  return events.map((event) => ({
    id: event.id,
    what: whatOf(event),
    at: event.createdAt.toISOString(),
    agent: agentOf(event.userAgent),
    place: placeOf(event.place),
    app: apps.get(event.clientId ?? '') ?? null,
    feedback: event.feedback?.value ?? null,
    mayDisown: event.type === 'sign_in' && event.outcome === 'success' && event.feedback === null,
  }))
}

const fieldOf = (settings: PoolSettings, name: string, locale: string): AttributeField => {
  const schema = Object.hasOwn(settings.attributes, name) ? settings.attributes[name] : undefined
  return {
    name,
    label: schema?.label?.[locale] ?? null,
    type: schema?.type ?? 'string',
    required: schema?.required ?? false,
  }
}

const contactOf = (attributes: Attributes, name: 'email' | 'phone_number'): ContactView | null => {
  const value = attributes[name]
  return typeof value === 'string' ? { value, isProven: attributes[`${name}_verified`] === true } : null
}

const profile = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const found = await presentPerson(ports, doer)
  if (!found.ok) return found
  const { attributes } = found.value.user
  const { settings } = doer.pool
  const names = ownAttributes(settings, attributes)
  return ok({
    page: 'profile',
    fields: names.map((name) => fieldOf(settings, name, doer.locale)),
    current: Object.fromEntries(names.map((name) => [name, String(attributes[name] ?? '')])),
    email: contactOf(attributes, 'email'),
    phone: contactOf(attributes, 'phone_number'),
  })
}

const contact = async (ports: PersonalPorts, doer: Doer, page: 'email' | 'phone'): Promise<Result<AccountContent>> => {
  const attribute = page === 'email' ? 'email' : 'phone_number'
  const found = await presentPerson(ports, doer)
  if (!found.ok) return found
  const waiting = await ports.contactChanges.waiting(doer.pool.id, doer.sub, attribute, ports.clock.now())
  return ok({
    page,
    current: contactOf(found.value.user.attributes, attribute),
    waiting: waiting?.newValue ?? null,
    minutes: CONTACT_CODE_MINUTES,
  })
}

const apps = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const { pool, sub, client } = doer
  const all = (await ports.appAccesses.list(pool.id, sub)).filter(({ clientId }) => clientId !== client.id)
  const names = await namesOfApps(
    ports,
    pool.id,
    all.map(({ clientId }) => clientId),
  )
  const shown = all.map(
    async ({ clientId, scopes, since, lastUsedAt }): Promise<AppView> => ({
      id: clientId,
      name: names.get(clientId) ?? clientId,
      scopes: await Promise.all(
        scopes.map(async (scope) => ({ scope, description: await ports.describeScope(pool.id, scope) })),
      ),
      since: since.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    }),
  )
  return ok({ page: 'apps', apps: await Promise.all(shown) })
}

const connections = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const found = await ownIdentities(ports)(doer)
  return found.ok ? ok({ page: 'connections', ...found.value }) : found
}

const copyOfData = async (ports: PersonalPorts, doer: Doer): Promise<Result<AccountContent>> => {
  const latest = await ports.dataExports.latest(doer.pool.id, doer.sub, ports.clock.now())
  return ok({
    page: 'data',
    export: latest === null ? null : { status: latest.status, until: latest.expiresAt.toISOString() },
  })
}

/** Pages about the person and what is kept of them. */
export const personalContent = async (
  ports: PersonalPorts,
  doer: Doer,
  page: Exclude<AccountPage, 'overview' | 'methods' | 'password' | 'sessions'>,
  show: string | null,
): Promise<Result<AccountContent>> => {
  switch (page) {
    case 'profile':
      return profile(ports, doer)
    case 'email':
    case 'phone':
      return contact(ports, doer, page)
    case 'activity': {
      const kind = activityKind(show)
      return ok({ page, show: kind, items: await activityOf(ports, doer, kind, ACTIVITY_ROWS) })
    }
    case 'apps':
      return apps(ports, doer)
    case 'connections':
      return connections(ports, doer)
    case 'data':
      return copyOfData(ports, doer)
    case 'delete':
      return ok({ page, graceDays: doer.pool.settings.deletion.graceDays })
    case 'disowned':
    case 'preferences':
      return ok({ page })
  }
}
