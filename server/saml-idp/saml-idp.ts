import type { IncomingMessage, ServerResponse } from 'node:http'
import { identityProviderMetadata } from '#adapters/saml-idp/idp-metadata.ts'
import { samlIdpAddresses } from '#core/saml-idp/index.ts'
import type { SamlIdpPart } from '../locate.ts'
import type { PoolRuntime } from '../oidc/pool-runtimes.ts'
import { samlAnswers } from './answers.ts'
import { keptRows } from './kept.ts'
import type { SamlRoom } from './room.ts'
import { samlSignIn } from './sign-in.ts'
import { samlLogout } from './single-logout.ts'

/** A pool as a SAML 2.0 identity provider. */
export const samlIdp = (room: SamlRoom) => {
  const answers = samlAnswers(room)
  const kept = keptRows(room)
  const signIn = samlSignIn(room, kept, answers)
  const logout = samlLogout(room, kept, answers)

  const metadata = async (runtime: PoolRuntime, _req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = identityProviderMetadata({
      ...samlIdpAddresses(runtime.issuer),
      key: await room.keys.of(runtime.pool.id, 'idp'),
    })
    res.writeHead(200, {
      'content-type': 'application/samlmetadata+xml; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-length': Buffer.byteLength(body),
    })
    res.end(body)
  }

  const parts: Readonly<Record<SamlIdpPart, typeof metadata>> = {
    metadata,
    sso: signIn.request,
    init: signIn.initiate,
    continue: signIn.continue,
    slo: logout.receive,
    leave: logout.leave,
    logout: logout.chain,
  }
  return {
    door: (runtime: PoolRuntime, part: SamlIdpPart, req: IncomingMessage, res: ServerResponse): Promise<void> =>
      parts[part](runtime, req, res),
    /** Clients of a session that are told of its end by way of the browser. */
    browserLogout: logout.fromHere,
  }
}
export type SamlIdp = ReturnType<typeof samlIdp>
