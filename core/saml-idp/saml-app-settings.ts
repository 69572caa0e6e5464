import { z } from 'zod'
import { NAME_ID_FORMATS, type NameIdFormat } from '../federation/saml-settings.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Forms post themselves there and browsers are redirected there: https, or http on a loopback host; nobody's name in it, and
 * nothing a page could be scripted by (attacks 6, 16).
 */
const isServiceAddress = (value: string): boolean => {
  const url = /^[\x21-\x7e]+$/.test(value) ? URL.parse(value) : null
  return (
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) &&
    url.username === '' &&
    url.password === '' &&
    !value.includes('#')
  )
}

const ServiceAddress = z
  .string()
  .max(1024)
  .refine(isServiceAddress, 'must be https, or http on a loopback host, without a fragment or a user')

const Certificate = z
  .string()
  .max(16_384)
  .regex(/^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/, 'must be a certificate in PEM')

/** SAML 2.0 Core §8.2 */
export const NAME_FORMATS = {
  unspecified: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified',
  basic: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
  uri: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
} as const

const formats = Object.keys(NAME_ID_FORMATS) as [NameIdFormat, ...NameIdFormat[]]

/** A service provider, as an app client of a pool: what its metadata says of it, and what it is to be told of people. */
export const SamlAppSettings = z
  .strictObject({
    // As long as an index takes it, whatever the letters.
    entityId: z
      .string()
      .min(1)
      .max(1024)
      .refine((text) => Buffer.byteLength(text) <= 2048, 'at most 2,048 bytes'),
    /** Where responses go, by HTTP-POST and nowhere else. The first is used where a request names none. */
    assertionConsumers: z
      .array(z.strictObject({ url: ServiceAddress, index: z.int().min(0).max(65_535) }))
      .min(1)
      .max(50),
    /** Single logout by binding; answers go to `responses` where that is given. */
    logout: z
      .strictObject({
        redirect: ServiceAddress.optional(),
        post: ServiceAddress.optional(),
        responses: ServiceAddress.optional(),
      })
      .prefault({}),
    /** Keys its requests are signed with. */
    certificates: z.array(Certificate).max(10).default([]),
    encryptionCertificate: Certificate.optional(),
    /** Sign-in requests without a valid signature are refused. Logout requests need one whatever this says. */
    requireSignedRequests: z.boolean().default(false),
    encryptAssertions: z.boolean().default(false),
    /** The first is what a person is named by where a request asks for none; others are given on request. */
    nameIdFormats: z.array(z.enum(formats)).min(1).default(['persistent']),
    /** Claim → attribute. `cognito:groups` are the groups; a claim that is not listed is not told. */
    attributes: z
      .record(
        z.string().min(1).max(64),
        z.strictObject({
          name: z.string().min(1).max(512),
          nameFormat: z.enum(Object.keys(NAME_FORMATS) as [keyof typeof NAME_FORMATS]).default('basic'),
        }),
      )
      .default({}),
    /** Sign-ins that the app did not ask for, from `/saml2/idp/init`. */
    idpInitiated: z
      .strictObject({ enabled: z.boolean().default(false), relayState: z.string().min(1).max(1024).optional() })
      .prefault({}),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const indexes = settings.assertionConsumers.map(({ index }) => index)
    if (new Set(indexes).size < indexes.length) refuse('assertionConsumers', 'an index is there twice')
    if (settings.requireSignedRequests && settings.certificates.length === 0)
      refuse('requireSignedRequests', 'signed requests need a certificate to verify them with')
    if (settings.encryptAssertions && settings.encryptionCertificate === undefined)
      refuse('encryptAssertions', 'needs encryptionCertificate')
    if (new Set(settings.nameIdFormats).size < settings.nameIdFormats.length)
      refuse('nameIdFormats', 'a format is there twice')
  })
export type SamlAppSettings = z.infer<typeof SamlAppSettings>
export type SamlAppSettingsInput = z.input<typeof SamlAppSettings>
