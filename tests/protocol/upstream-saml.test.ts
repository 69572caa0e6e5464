// A real identity provider that shares neither language nor XML library with us: PHP, libxml2, xmlseclibs.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { metadataSource } from '#adapters/upstream-saml/metadata-source.ts'
import { samlProvider } from '#adapters/upstream-saml/saml-provider.ts'
import { serviceProviderMetadata } from '#adapters/upstream-saml/service-provider.ts'
import type { GuardedFetch } from '#core/federation/ports.ts'
import { NAME_ID_FORMATS, SamlProviderSettings } from '#core/federation/saml-settings.ts'
import { ok } from '#core/shared/result.ts'
import { freePorts } from '#tests/support/free-ports.ts'
import { memoryAssertionIds, memoryKeptMetadata } from '#tests/support/memory/federation.ts'
import { idpBrowser } from '#tests/support/saml/idp-browser.ts'
import {
  isSimpleSamlPhpThere,
  type RunningSimpleSamlPhp,
  SIMPLESAMLPHP,
  startSimpleSamlPhp,
} from '#tests/support/saml/simplesamlphp.ts'
import { ACS, keys, LOGOUT, SP_ENTITY } from '#tests/support/saml/test-idp.ts'
import { outcome } from '#tests/support/saml/test-provider.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'

const isExcused =
  !isSimpleSamlPhpThere() && (process.env.PORTICO_TEST_ALLOW_MISSING ?? '').split(',').includes('simplesamlphp')

const serviceProvider = {
  entityId: SP_ENTITY,
  acsUrl: ACS,
  logoutUrl: LOGOUT,
  signing: keys().pool,
  decryption: [keys().pool],
}
const metadata = serviceProviderMetadata(serviceProvider, {
  signsRequests: true,
  nameIdFormat: NAME_ID_FORMATS.persistent,
})

for (const isEncrypting of [false, true])
  describe(`signing in at SimpleSAMLphp, ${isEncrypting ? 'encrypted' : 'in the clear'}`, { skip: isExcused }, () => {
    let idp: RunningSimpleSamlPhp
    before(async () => {
      const [port = 0] = await freePorts(1)
      idp = await startSimpleSamlPhp(port)
      await idp.addServiceProvider(metadata, { isEncrypting })
    })
    after(() => idp?.stop())

    const setUp = () => {
      const browser = idpBrowser(idp.origin)
      const fetch: GuardedFetch = async ({ url }) =>
        ok({ status: 200, headers: {}, body: (await browser.visit(url)).text })
      const settings = SamlProviderSettings.parse({
        kind: 'saml',
        name: 'Corp',
        metadataUrl: `${SIMPLESAMLPHP}/saml2/idp/metadata.php`,
        signRequests: true,
        singleLogout: true,
        nameIdFormat: 'persistent',
        encryptedAssertions: isEncrypting ? 'required' : 'refused',
      })
      const parts = { poolId: 'eu_1', providerId: 'corp', fetch, kept: memoryKeptMetadata() }
      const provider = samlProvider({
        ...parts,
        settings,
        serviceProvider,
        ids: memoryAssertionIds(),
        random: seededRandom(Date.now()),
        clock: { now: () => new Date() },
      })
      return { browser, provider, source: metadataSource(settings, parts) }
    }

    const signIn = async ({ browser, provider }: ReturnType<typeof setUp>, changes = {}) => {
      const begun = await provider.begin({
        callbackUrl: ACS,
        state: 'opaque & ours',
        locale: 'en',
        loginHint: null,
        forceAuthentication: false,
        asksForAccount: false,
        acr: null,
        now: Date.now(),
        ...changes,
      })
      assert.ok(begun.ok, 'the request can be made')
      assert.ok(begun.value.departure.kind === 'redirect')
      const page = await browser.visit(begun.value.departure.url)
      const back =
        page.action === ACS
          ? page
          : await browser.visit(page.action ?? page.url, {
              ...page.fields,
              username: 'ann',
              password: 'reading by the window',
            })
      assert.equal(back.action, ACS, `${back.text.slice(0, 2000)}\n${await idp.log()}`)
      const callback = { method: 'POST' as const, url: ACS, parameters: back.fields, now: Date.now() }
      return { callback, remember: begun.value.remember }
    }

    it('takes our signed request, and we its signed answer', async () => {
      const walk = setUp()
      const { callback, remember } = await signIn(walk)
      assert.equal(callback.parameters.RelayState, 'opaque & ours')
      const result = await walk.provider.finish(callback, remember)
      assert.ok(result.ok, JSON.stringify(result))
      assert.equal(result.value.subject, 'ann')
      assert.equal(result.value.claims.email, 'ann@fjord-books.example')
      assert.deepEqual(result.value.claims.groups, ['readers', 'editors & friends'])
      assert.equal(outcome(await walk.provider.finish(callback, remember)), 'replayed')
    })

    it('refuses its honest answer to another browser, and one that was changed', async () => {
      const walk = setUp()
      const { callback, remember } = await signIn(walk)
      const other = { ...remember, requestId: '_another' }
      assert.equal(outcome(await walk.provider.finish(callback, other)), 'answers-another-request')
      const xml = Buffer.from(callback.parameters.SAMLResponse ?? '', 'base64').toString()
      const changed = xml.replace(/(Value="urn:oasis:names:tc:SAML:2.0:status:Success")/, '$1 ')
      const harmless = { ...callback.parameters, SAMLResponse: Buffer.from(changed).toString('base64') }
      const forged = xml.replace('IssueInstant="2', 'IssueInstant="1')
      const harmful = { ...callback.parameters, SAMLResponse: Buffer.from(forged).toString('base64') }
      assert.equal(
        outcome(await walk.provider.finish({ ...callback, parameters: harmful }, remember)),
        'signature-invalid',
      )
      assert.equal(outcome(await walk.provider.finish({ ...callback, parameters: harmless }, remember)), 'accepted')
    })

    it('does not ask again the second time, unless a fresh authentication is asked for', async () => {
      const walk = setUp()
      await signIn(walk)
      const again = await signIn(walk)
      assert.equal(outcome(await walk.provider.finish(again.callback, again.remember)), 'accepted')
      const fresh = await signIn(walk, { forceAuthentication: true })
      assert.equal(outcome(await walk.provider.finish(fresh.callback, fresh.remember)), 'accepted')
    })

    it('ends its session when we ask, and says so', async () => {
      const walk = setUp()
      const { callback, remember } = await signIn(walk)
      const person = await walk.provider.finish(callback, remember)
      assert.ok(person.ok)
      const left = await walk.provider.leave(person.value.session ?? '', 'after logout')
      assert.ok(left?.departure.kind === 'redirect')
      const back = await walk.browser.visit(left.departure.url)
      assert.ok(back.url.startsWith(`${LOGOUT}?`), `${back.url}\n${back.text.slice(0, 2000)}\n${await idp.log()}`)
      assert.equal(new URL(back.url).searchParams.get('RelayState'), 'after logout')
      const received = { method: 'GET' as const, url: back.url, parameters: {}, now: Date.now() }
      assert.equal(outcome(await walk.provider.left(received, left.requestId)), 'accepted')
    })
  })
