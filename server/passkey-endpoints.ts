import type { IncomingMessage, ServerResponse } from 'node:http'
import { accountPath } from '#core/account/index.ts'
import { takesPasskeys } from '#core/flows/index.ts'
import { prepare, sendDocument } from './oidc/discovery.ts'
import type { PoolRuntime } from './oidc/pool-runtimes.ts'

/**
 * Where keepers of passkeys send people to make one, and to look after those they have (W3C, A Well-Known URL for Relying
 * Party Passkey Endpoints). The host's own document cannot say of which pool: that it knows passkeys is all it says.
 */
export const sendPasskeyEndpoints = (runtime: PoolRuntime | null, req: IncomingMessage, res: ServerResponse): void => {
  const issuer = runtime !== null && takesPasskeys(runtime.pool.settings) ? runtime.issuer : null
  const methods = accountPath('methods')
  const endpoints =
    issuer === null
      ? {}
      : { enroll: `${issuer}${accountPath('confirm')}?for=methods&add=passkey`, manage: `${issuer}${methods}` }
  sendDocument(req, res, prepare(endpoints))
}
