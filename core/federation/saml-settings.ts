import { z } from 'zod'
import { providerCommon } from './provider-common.ts'

/** SAML 2.0 Core §8.3; null in the settings: no format is asked for, and whatever comes is taken. */
export const NAME_ID_FORMATS = {
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  email: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
} as const
export type NameIdFormat = keyof typeof NAME_ID_FORMATS

const METADATA_CHARACTERS = 1_048_576

const httpsUrl = z.url({ protocol: /^https$/ }).max(2048)

/**
 * One SAML identity provider of a pool, as its owner describes it. Secrets are not part of it: the keys that sign requests and
 * open encrypted assertions are the pool's.
 */
export const SamlProviderSettings = z
  .strictObject({
    kind: z.literal('saml'),
    ...providerCommon,
    /** Refreshed while it is in use; exactly one of the two. */
    metadataUrl: httpsUrl.nullable().default(null),
    metadataXml: z.string().min(1).max(METADATA_CHARACTERS).nullable().default(null),
    /** Which provider, where the metadata describes several. */
    idpEntityId: z.string().min(1).max(1024).nullable().default(null),
    /** Our name there. Cognito's form lets a provider keep its configuration when a pool moves here. */
    entityIdForm: z.enum(['portico', 'cognito']).default('portico'),

    requireSignedResponse: z.boolean().default(true),
    requireSignedAssertion: z.boolean().default(true),
    /** SHA-1 in signatures and digests of what comes in. We never sign with it. */
    allowSha1: z.boolean().default(false),
    /** Off: an encrypted assertion is refused. */
    encryptedAssertions: z.enum(['refused', 'accepted', 'required']).default('refused'),
    /** Unsolicited responses are how assertions of others are slipped in; where on, they are taken without `InResponseTo` alone. */
    idpInitiated: z.boolean().default(false),

    binding: z.enum(['redirect', 'post']).default('redirect'),
    signRequests: z.boolean().default(false),
    nameIdFormat: z
      .enum(Object.keys(NAME_ID_FORMATS) as [NameIdFormat, ...NameIdFormat[]])
      .nullable()
      .default(null),
    /** Authentication contexts asked for, when a journey asks for none of its own. */
    authnContexts: z.array(z.string().min(1).max(512)).max(10).default([]),
    singleLogout: z.boolean().default(false),

    /** Attribute that holds the immutable subject; null: the NameID. */
    subjectAttribute: z.string().min(1).max(512).nullable().default(null),
  })
  .superRefine((settings, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (settings.metadataUrl === null && settings.metadataXml === null)
      refuse('metadataUrl', 'is needed, or the metadata itself: as metadataXml, or from a file')
    if (settings.metadataUrl !== null && settings.metadataXml !== null)
      refuse('metadataUrl', 'give the metadata by address or as text, and not both')
    if (!settings.requireSignedResponse && !settings.requireSignedAssertion)
      refuse('requireSignedAssertion', 'the response or the assertion has to be signed')
    if (settings.nameIdFormat === 'transient' && settings.subjectAttribute === null)
      refuse('subjectAttribute', 'a transient NameID names nobody twice: say which attribute holds the subject')
  })

export type SamlProviderSettings = z.infer<typeof SamlProviderSettings>
/** The part that speaks SAML. */
export type SamlSettings = Omit<SamlProviderSettings, 'kind' | keyof typeof providerCommon> & {
  clockSkewSeconds: number
}

/** Our entity id at the provider, and the audience its assertions have to name. */
export const samlEntityId = (poolId: string, form: SamlSettings['entityIdForm']): string =>
  form === 'cognito' ? `urn:amazon:cognito:sp:${poolId}` : `urn:portico:sp:${poolId}`

/** What in the settings is weaker than the default, as the check of a provider tells it. */
export const samlWeaknesses = (settings: SamlSettings): string[] => [
  ...(settings.allowSha1 ? ['signatures with SHA-1 are accepted'] : []),
  ...(settings.requireSignedResponse ? [] : ['responses need no signature of their own']),
  ...(settings.requireSignedAssertion ? [] : ['assertions need no signature of their own']),
  ...(settings.idpInitiated ? ['sign-ins that nobody asked for are accepted'] : []),
]
