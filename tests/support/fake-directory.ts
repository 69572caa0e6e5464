import { LdapProviderSettings } from '#core/federation/ldap-settings.ts'
import type { AskedDirectory, UpstreamIdentity } from '#core/federation/ports.ts'
import type { ProviderSettings } from '#core/federation/provider-settings.ts'
import { type Failure, fail, ok } from '#core/shared/result.ts'
import { anIdentity } from './fake-upstream.ts'

interface Colleague {
  password: string
  identity: UpstreamIdentity
  /** What becomes of a right password; null: they come in. */
  failure: Failure | null
}

export interface FakeDirectory {
  /** Every question, in order. */
  readonly asked: { provider: string; login: string; password: string }[]
  /** Nobody gets in, whoever asks; null: it answers. */
  down: Failure | null
  /** Whether it changes passwords. */
  changes: boolean
  /** Somebody in it, under all of these logins. */
  add(logins: readonly string[], password: string, identity?: Partial<UpstreamIdentity>, failure?: Failure | null): void
  as(provider: string): AskedDirectory
}

/** A directory without a protocol, whichever provider asks. */
export const fakeDirectory = (): FakeDirectory => {
  const people = new Map<string, Colleague>()
  const asked: FakeDirectory['asked'] = []
  const fake: FakeDirectory = {
    asked,
    down: null,
    changes: false,
    add(logins, password, identity = {}, failure = null) {
      const one = { password, failure, identity: anIdentity({ amr: ['pwd'], ...identity }) }
      for (const login of logins) people.set(login.toLowerCase(), one)
    },
    as(provider) {
      const find = (login: string, password: string) => {
        asked.push({ provider, login, password })
        if (fake.down !== null) return { ok: false as const, failure: fake.down }
        const one = people.get(login.toLowerCase())
        if (one === undefined || one.password !== password)
          return fail('wrong-credentials', { because: 'bind-refused' })
        return ok(one)
      }
      return {
        async authenticate(login, password) {
          const found = find(login, password)
          if (!found.ok) return found
          return found.value.failure === null ? ok(found.value.identity) : { ok: false, failure: found.value.failure }
        },
        passwords: fake.changes
          ? {
              async changePassword(login, current, next) {
                const found = find(login, current)
                if (!found.ok) return found
                if (next.length < 8) return fail('new-password-refused', { because: 'new-password-unfit' })
                found.value.password = next
                return ok(undefined)
              },
            }
          : null,
      }
    },
  }
  return fake
}

/** A directory for one domain, believed about its own addresses. */
export const corp = (overrides: Record<string, unknown> = {}): ProviderSettings =>
  LdapProviderSettings.parse({
    kind: 'ldap',
    name: 'Corp',
    servers: ['ldaps://ldap.corp.example'],
    bind: { mode: 'searchThenBind', serviceName: 'cn=reader,dc=corp' },
    searchBase: 'dc=corp,dc=example',
    trustsEmail: 'always',
    emailDomains: ['corp.example'],
    attributeMapping: { email: 'mail', name: 'cn' },
    ...('forEverybody' in overrides ? {} : { identifiers: ['corp.example'] }),
    ...overrides,
  })
