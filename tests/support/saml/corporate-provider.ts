import assert from 'node:assert/strict'
import { inflateRawSync } from 'node:zlib'
import { ProviderSettings } from '#core/federation/index.ts'
import { NAME_ID_FORMATS } from '#core/federation/saml-settings.ts'
import type { FormBrowser } from '../form-browser.ts'
import { must, type TestHouse } from '../test-house.ts'
import { AT, honestResponse, IDP_ENTITY, idpMetadataXml, keys } from './test-idp.ts'
import { type LogoutAsking, logoutRequestXml, newId, type TestSp } from './test-sp.ts'

/** What the provider posts of an employee, by the clock of now; it calls them something else every time. */
const response = (poolId: string, acs: string, requestId: string, employee: string, nameId: string): string => {
  const shift = Math.floor((Date.now() - AT) / 1000)
  const xml = honestResponse({
    assertionId: newId(),
    responseId: newId(),
    destination: acs,
    recipient: acs,
    audience: `urn:portico:sp:${poolId}`,
    inResponseTo: requestId,
    subjectInResponseTo: requestId,
    notBefore: shift - 60,
    notOnOrAfter: shift + 300,
    confirmationEnd: shift + 300,
    issuedAt: shift,
    authenticatedAt: shift - 5,
    nameId,
    nameIdFormat: NAME_ID_FORMATS.transient,
    attributes: { employee: [employee], email: [`${employee}@fjord-books.example`] },
  })
  return Buffer.from(xml).toString('base64')
}

/** A provider of the house's pool that calls its people something else every time; an attribute is the subject. */
export const corporateProvider = async (house: TestHouse<'shop'>) => {
  const [acs, slo] = [`${house.issuer}/saml2/idpresponse`, `${house.issuer}/saml2/logout`]
  // Logout messages of both sides have one form.
  const idp: TestSp = { entityId: IDP_ENTITY, key: keys().idp, acs: '', slo: 'https://idp.example/slo' }
  const settings = ProviderSettings.parse({
    kind: 'saml',
    name: 'Corporate',
    metadataXml: idpMetadataXml(),
    nameIdFormat: 'transient',
    subjectAttribute: 'employee',
    attributeMapping: { email: 'email' },
    singleLogout: true,
  })
  const now = new Date()
  const provider = { poolId: house.poolId, name: settings.name, settings, createdAt: now, updatedAt: now }
  must(await house.house.federation.providers.create(provider, null, { events: [] }))

  /** Signs in to the shop by it. */
  const comeBy = async (through: FormBrowser, employee: string) => {
    const shop = await house.clients.shop.party()
    const attempt = await shop.begin({ identity_provider: 'Corporate' })
    await through.open(attempt.url)
    const asked = through.departure?.url.searchParams ?? assert.fail(through.page.text)
    const xml = inflateRawSync(Buffer.from(asked.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
    const requestId = /ID="([^"]+)"/.exec(xml)?.[1] ?? assert.fail(xml)
    const nameId = newId()
    const SAMLResponse = response(house.poolId, acs, requestId, employee, nameId)
    await through.send('POST', acs, { SAMLResponse, RelayState: asked.get('RelayState') ?? '' })
    const tokens = await shop.finish(attempt, through.callback())
    return { nameId, idToken: tokens.id_token ?? '', sub: tokens.claims()?.sub ?? '' }
  }

  /** Its request to end a session of whom it calls this. */
  const wish = (nameId: string, more: Partial<LogoutAsking> = {}, from: TestSp = idp): string =>
    logoutRequestXml(from, {
      id: newId(),
      destination: slo,
      issuedAt: new Date().toISOString(),
      nameId,
      format: NAME_ID_FORMATS.transient,
      sessionIndex: 'session-7',
      ...more,
    })

  return { provider, idp, slo, comeBy, wish }
}
export type CorporateProvider = Awaited<ReturnType<typeof corporateProvider>>
