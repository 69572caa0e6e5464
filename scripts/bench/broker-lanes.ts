import { inflateRawSync } from 'node:zlib'
import { prismaProviders } from '#adapters/postgres/prisma-providers.ts'
import { ProviderSettings } from '#core/federation/index.ts'
import type { Pool } from '#core/pools/pool-settings.ts'
import type { Estate } from '#tests/support/estate.ts'
import type { FormBrowser } from '#tests/support/form-browser.ts'
import type { HostileProvider } from '#tests/support/hostile-provider.ts'
import { AT, honestResponse, idpMetadataXml } from '#tests/support/saml/test-idp.ts'

type Headers = Readonly<Record<string, string>>

/** How one person comes back from a provider, to which the browser was just sent. */
export type ComeBack = (through: FormBrowser, subject: string, headers: Headers) => Promise<void>

export interface BrokerKind {
  name: string
  /** Milliseconds of CPU that it may add to a sign-in. */
  limitMs: number
  settings: Record<string, unknown>
  comeBack(pool: Pool, issuer: string): ComeBack
}

export const PROVIDER = 'Corporate'
const mapping = { attributeMapping: { email: 'email' } }

const leftFor = (through: FormBrowser): URL => {
  if (through.departure === null) throw new Error(`nobody left for the provider: ${through.page.text}`)
  return through.departure.url
}

/** Through an OpenID Connect provider: code, ID token and userInfo. */
export const oidcKind = (upstream: HostileProvider, clientId: string): BrokerKind => ({
  name: 'OpenID Connect provider',
  limitMs: 5,
  settings: { kind: 'oidc', clientId, issuer: upstream.issuer, ...mapping },
  comeBack: (_pool, issuer) => async (through, subject, headers) => {
    const person = (said: Record<string, unknown>) => ({ ...said, sub: subject, email: `${subject}@corp.example` })
    upstream.misbehave({ claims: person, userInfo: person })
    const brought = upstream.signIn(leftFor(through).href)
    await through.open(`${issuer}/oauth2/idpresponse?${new URLSearchParams(brought)}`, { headers })
  },
})

let responses = 0

/** Through a SAML provider: response and assertion both signed. */
export const samlKind = (): BrokerKind => ({
  name: 'SAML provider',
  limitMs: 15,
  settings: { kind: 'saml', metadataXml: idpMetadataXml(), ...mapping },
  comeBack(pool, issuer) {
    const acs = `${issuer}/saml2/idpresponse`
    return async (through, subject, headers) => {
      const asked = leftFor(through).searchParams
      const xml = inflateRawSync(Buffer.from(asked.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
      const requestId = /ID="([^"]+)"/.exec(xml)?.[1] ?? ''
      const shift = Math.floor((Date.now() - AT) / 1000)
      responses += 1
      const response = honestResponse({
        ...{ assertionId: `_a${responses}`, responseId: `_r${responses}`, nameId: subject },
        ...{ destination: acs, recipient: acs, audience: `urn:portico:sp:${pool.id}` },
        ...{ inResponseTo: requestId, subjectInResponseTo: requestId },
        ...{ notBefore: shift - 60, notOnOrAfter: shift + 300, confirmationEnd: shift + 300 },
        ...{ issuedAt: shift, authenticatedAt: shift - 5 },
        attributes: { email: [`${subject}@corp.example`], groups: ['readers', 'editors'] },
      })
      const SAMLResponse = Buffer.from(response).toString('base64')
      await through.send('POST', acs, { SAMLResponse, RelayState: asked.get('RelayState') ?? '' }, { headers })
    }
  },
})

/** Gives the pool its provider. */
export const putProvider = async ({ database, secrets }: Estate, pool: Pool, given: BrokerKind['settings']) => {
  const store = prismaProviders({ prisma: database.prisma, pool: database.pool, secrets })
  const settings = ProviderSettings.parse({ name: PROVIDER, ...given })
  const provider = { poolId: pool.id, name: PROVIDER, settings, createdAt: new Date(), updatedAt: new Date() }
  const made = await store.create(provider, given.kind === 'oidc' ? 'secret' : null, { events: [] })
  if (!made.ok) throw new Error(made.failure.code)
}
