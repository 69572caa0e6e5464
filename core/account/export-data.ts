import { newEvent } from '../events/index.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { Doer } from './doer.ts'
import { noticeOf, ownEvent, presentPerson, provenPerson } from './doer.ts'
import { ownActivity } from './own-activity.ts'
import type { AccountPorts, DataExport, ExportFiles } from './ports.ts'

/** How long a copy can be downloaded. Hours. */
const EXPORT_HOURS = 24
const HOUR_MS = 3_600_000
/** A copy that nobody made by then never will be. Hours. */
const WAIT_HOURS = 72
/** Most events of a copy. */
const MOST_EVENTS = 1_000
/** Copies made by one run of the job. */
const BATCH = 5

/** Asks for a copy of everything that is kept about oneself. One at a time: asked for again, the first is what counts. */
export const askOwnExport =
  (ports: AccountPorts) =>
  async (doer: Doer): Promise<Result<void>> => {
    const found = await presentPerson(ports, doer)
    if (!found.ok) return found
    const now = ports.clock.now()
    await ports.dataExports.ask(
      {
        poolId: doer.pool.id,
        id: ports.random.uuidAt(now),
        sub: doer.sub,
        status: 'queued',
        locale: doer.locale,
        createdAt: now,
        readyAt: null,
        expiresAt: new Date(now.getTime() + WAIT_HOURS * HOUR_MS),
      },
      { events: [ownEvent(ports, doer, { type: 'export.asked' })] },
    )
    return ok(undefined)
  }

/** A cell of RFC 4180; what a spreadsheet would run is a text (OWASP: CSV injection). */
const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value)
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
}

type Row = readonly [section: string, item: string, name: string, value: unknown]

const rowsOf = (section: string, items: readonly Readonly<Record<string, unknown>>[]): Row[] =>
  items.flatMap((item, at) =>
    Object.entries(item).map(
      ([name, value]): Row => [
        section,
        String(at + 1),
        name,
        typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
      ],
    ),
  )

/** Both files of what was gathered. */
const exportFiles = (gathered: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>): ExportFiles => {
  const rows = Object.entries(gathered).flatMap(([section, items]) => rowsOf(section, items))
  const lines = [['section', 'item', 'name', 'value'], ...rows].map((row) => row.map(cell).join(','))
  return { json: `${JSON.stringify(gathered, null, 2)}\n`, csv: `${lines.join('\r\n')}\r\n` }
}

/** Who the person is at identity providers, with what those said last; tokens only prove who somebody is. */
const exportedIdentities = async ({ identities }: Pick<AccountPorts, 'identities'>, poolId: string, sub: string) =>
  Promise.all(
    (await identities.list(poolId, sub)).map(async (identity) => {
      const { provider, subject, issuer, isPrimary, linkedAt } = identity
      const record = await identities.record(identity)
      return {
        ...{ provider, subject, issuer, isPrimary, linkedAt },
        ...{ lastSignInAt: record?.at ?? null, claims: record?.claims ?? null },
      }
    }),
  )

/** What is kept about a person, without what only proves who they are: hashes, secrets, keys. */
const gather = async (ports: AccountPorts, doer: Pick<Doer, 'pool' | 'sub'>) => {
  const { pool, sub } = doer
  const found = await presentPerson(ports, doer)
  if (!found.ok) return null
  const { user, password } = found.value
  const [factors, codes, devices, sessions, apps, identities, events] = await Promise.all([
    ports.factors.list(pool.id, sub),
    ports.recoveryCodes.count(pool.id, sub),
    ports.devices.list(pool.id, sub),
    ports.ownSessions.list(pool.id, sub),
    ports.appAccesses.list(pool.id, sub),
    exportedIdentities(ports, pool.id, sub),
    ownActivity(ports)(doer, null, MOST_EVENTS),
  ])
  const { poolId: _, attributes, sessionsValidAfter: __, ...account } = user
  return {
    account: [{ ...account, pool: pool.name, passwordChangedAt: password?.changedAt ?? null, recoveryCodes: codes }],
    profile: [attributes],
    signInMethods: factors.map(({ kind, name, address, createdAt, lastUsedAt }) => ({
      kind,
      name,
      address,
      createdAt,
      lastUsedAt,
    })),
    devices: devices.map(({ name, firstSeenAt, lastSeenAt, lastIp, lastPlace, rememberedUntil }) => ({
      name,
      firstSeenAt,
      lastSeenAt,
      lastIp,
      lastPlace,
      rememberedUntil,
    })),
    sessions: sessions.map(({ id: ___, ...session }) => session),
    apps: apps.map((app) => ({ ...app })),
    identities,
    activity: events.map(({ type, outcome, createdAt, ip, userAgent, place, clientId }) => ({
      type,
      outcome,
      createdAt,
      ip,
      userAgent,
      place,
      clientId,
    })),
  }
}

/** Makes the copies that wait, and writes to their people. Returns how many were made. */
export const makeExports =
  (ports: AccountPorts) =>
  async (contextOf: (poolId: string) => Promise<Pick<Doer, 'pool' | 'client'> | null>): Promise<number> => {
    let made = 0
    for (const asked of await ports.dataExports.waiting(BATCH)) if (await makeExport(ports, asked, contextOf)) made += 1
    return made
  }

const makeExport = async (
  ports: AccountPorts,
  { poolId, id, sub, locale }: DataExport,
  contextOf: (poolId: string) => Promise<Pick<Doer, 'pool' | 'client'> | null>,
): Promise<boolean> => {
  const about = await contextOf(poolId)
  const gathered = about === null ? null : await gather(ports, { pool: about.pool, sub })
  const found = about === null ? null : await presentPerson(ports, { pool: about.pool, sub })
  if (about === null || gathered === null || found?.ok !== true) {
    await ports.dataExports.failed(poolId, id)
    return false
  }
  const now = ports.clock.now()
  const until = new Date(now.getTime() + EXPORT_HOURS * HOUR_MS)
  const event = newEvent(ports.random, now, {
    poolId,
    type: 'export.made',
    outcome: 'success',
    sub,
  })
  const messages = await noticeOf(ports, { ...about, locale }, found.value.user, event, {
    purpose: 'export-ready',
    facts: { until, accountLink: `${ports.links.base(poolId)}/account/data` },
  })
  return ports.dataExports.ready(poolId, id, exportFiles(gathered), now, until, { events: [event], messages })
}

/** The copy, for who has just proven who they are. Fails with `proof-not-fresh` and `export-missing`. */
export const downloadOwnExport =
  (ports: AccountPorts) =>
  async (doer: Doer): Promise<Result<ExportFiles>> => {
    const found = await provenPerson(ports, doer)
    if (!found.ok) return found
    const files = await ports.dataExports.open(doer.pool.id, doer.sub, ports.clock.now())
    if (files === null) return fail('export-missing')
    await ports.events.write({ events: [ownEvent(ports, doer, { type: 'export.downloaded' })] })
    return ok(files)
  }
