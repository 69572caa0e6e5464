import { z } from 'zod'

/** 4 kB of JSON hold every answer of a real authenticator without attestation; more is somebody else's. Characters. */
const MOST_CHARACTERS = 16_384

const base64url = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/)

// WebAuthn Level 3 §5.1: a credential id has at most 1023 bytes, a user handle 64.
const CredentialId = base64url(1364)
const Credential = z.object({ id: CredentialId, rawId: CredentialId, type: z.literal('public-key') })

const Transport = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])

export const CreationAnswer = Credential.extend({
  response: z.object({
    clientDataJSON: base64url(8192),
    attestationObject: base64url(8192),
    // What browsers add later is no reason to refuse a passkey.
    transports: z.array(z.string().max(40)).max(20).catch([]).default([]),
  }),
}).transform((answer) => ({
  ...answer,
  clientExtensionResults: {},
  response: {
    ...answer.response,
    transports: answer.response.transports.filter((name) => Transport.safeParse(name).success),
  },
}))
export type CreationAnswer = z.output<typeof CreationAnswer>

export const AssertionAnswer = Credential.extend({
  response: z.object({
    clientDataJSON: base64url(8192),
    authenticatorData: base64url(4096),
    signature: base64url(4096),
    userHandle: base64url(88).nullish(),
  }),
}).transform(({ response: { userHandle, ...response }, ...answer }) => ({
  ...answer,
  clientExtensionResults: {},
  response: { ...response, ...(userHandle == null ? {} : { userHandle }) },
}))
export type AssertionAnswer = z.output<typeof AssertionAnswer>

/** What was posted as what it should be; null when it is anything else. */
export const readAnswer = <T>(schema: z.ZodType<T>, posted: string): T | null => {
  if (posted.length > MOST_CHARACTERS) return null
  try {
    return schema.safeParse(JSON.parse(posted)).data ?? null
  } catch {
    return null
  }
}
