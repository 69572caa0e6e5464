import { createPrivateKey } from 'node:crypto'
import { importPKCS8, SignJWT } from 'jose'
import { type ClientAuth, ClientSecretPost, PrivateKeyJwt } from 'openid-client'
import type { ReadProviderSecret } from '#core/federation/ports.ts'
import type { OidcProviderSettings } from '#core/federation/provider-settings.ts'
import type { Clock } from '#core/shared/ports.ts'

type Settings = Pick<OidcProviderSettings, 'auth' | 'clientId'>

/** Seconds. Apple takes up to six months; what lives an hour is worth less to whoever finds it. */
const APPLE_SECRET_SECONDS = 3600
const APPLE_AUDIENCE = 'https://appleid.apple.com'

/** Apple's key files are handed around without their first and last line. */
const asPem = (key: string): string =>
  key.includes('-----BEGIN')
    ? key
    : createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' })
        .export({ format: 'pem', type: 'pkcs8' })
        .toString()

const formEncoded = (text: string): string => new URLSearchParams({ v: text }).toString().slice('v='.length)

/**
 * RFC 6749 §2.3.1, with no more encoded than a form would: the library also encodes the hyphen and the dot, and providers that do
 * not decode (Glewlwyd 2.7 is one) then know nobody of that name.
 */
const basicAuth =
  (secret: string): ClientAuth =>
  (_server, client, _body, headers) => {
    const pair = `${formEncoded(client.client_id)}:${formEncoded(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }

/** How we prove ourselves at the token endpoint. Throws where the secret is missing or is no such key. */
export const clientAuthOf = ({ auth, clientId }: Settings, readSecret: ReadProviderSecret, clock: Clock) => {
  let made: { secret: string; key: string; renewAt: number } | null = null

  const appleSecret = async (teamId: string, keyId: string): Promise<string> => {
    const key = await readSecret()
    const now = Math.floor(clock.now().getTime() / 1000)
    if (made !== null && made.key === key && now < made.renewAt) return made.secret
    const secret = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId })
      .setIssuer(teamId)
      .setSubject(clientId)
      .setAudience(APPLE_AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + APPLE_SECRET_SECONDS)
      .sign(await importPKCS8(asPem(key), 'ES256'))
    made = { secret, key, renewAt: now + APPLE_SECRET_SECONDS / 2 }
    return secret
  }

  return async (): Promise<ClientAuth> => {
    switch (auth.method) {
      case 'client_secret_post':
        return ClientSecretPost(await readSecret())
      case 'client_secret_basic':
        return basicAuth(await readSecret())
      case 'private_key_jwt': {
        const key = await importPKCS8(await readSecret(), auth.algorithm)
        return PrivateKeyJwt({ key, kid: auth.keyId })
      }
      case 'apple_secret':
        return ClientSecretPost(await appleSecret(auth.teamId, auth.keyId))
    }
  }
}
