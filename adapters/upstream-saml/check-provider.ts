import { X509Certificate } from 'node:crypto'
import type { ProviderCheckLine as Line } from '#core/federation/ports.ts'
import { type SamlSettings, samlWeaknesses } from '#core/federation/saml-settings.ts'
import type { Result } from '#core/shared/result.ts'
import type { IdpMetadata } from './idp-metadata.ts'
import type { ServiceProvider } from './service-provider.ts'

const line = (text: string, isRight: boolean, because: string): Line => ({
  line: text,
  ok: isRight,
  because: isRight ? null : because,
})

const note = (text: string, because: string): Line => ({ line: text, ok: true, isNote: true, because })

const certificateLine = (pem: string, now: number): Line => {
  const { fingerprint256, validTo } = new X509Certificate(pem)
  const end = Date.parse(validTo)
  return line(
    `certificate ${fingerprint256.slice(0, 23)}…, until ${new Date(end).toISOString().slice(0, 10)}`,
    now < end,
    // The key counts, and it came with the metadata; an end that has passed is a sign of a provider nobody looks after.
    'its validity is over: signatures by it still count, and the provider should renew it',
  )
}

const linesAbout = (metadata: IdpMetadata, settings: SamlSettings, sp: ServiceProvider, now: number): Line[] => [
  line(`entity id ${metadata.entityId}`, true, ''),
  line(
    `sign-in by ${settings.binding}`,
    metadata.signOn[settings.binding] !== null,
    'the metadata has no https address for this binding; the other one will be used',
  ),
  ...metadata.certificates.map((pem) => certificateLine(pem, now)),
  line(
    'signed requests',
    !(metadata.wantsSignedRequests || settings.signRequests) || sp.signing !== null,
    'requests have to be signed, and the pool has no key for that',
  ),
  settings.encryptedAssertions === 'refused'
    ? note('encrypted assertions', 'refused by the settings')
    : line('encrypted assertions', sp.decryption.length > 0, 'the pool has no key to open them'),
  settings.singleLogout
    ? line(
        'single logout',
        (metadata.logout.redirect ?? metadata.logout.post) !== null && sp.signing !== null,
        'the metadata has no https address for it, or the pool has no key',
      )
    : note('single logout', 'off in the settings'),
]

/** What is right and wrong about a provider, as far as can be told without signing in. */
export const checkSamlProvider = (
  metadata: Result<IdpMetadata>,
  settings: SamlSettings,
  sp: ServiceProvider,
  now: number,
): Line[] => [
  line('metadata read', metadata.ok, metadata.ok ? '' : (metadata.failure.because ?? metadata.failure.code)),
  ...(metadata.ok ? linesAbout(metadata.value, settings, sp, now) : []),
  ...samlWeaknesses(settings).map((weakness) => line('strictness', false, weakness)),
]
