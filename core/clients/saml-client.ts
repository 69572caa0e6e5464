import { ok, type Result } from '../shared/result.ts'
import { type AppClient, type ClientSettings, ENTITY_ID_TAKEN } from './client-settings.ts'
import type { ClientStore } from './ports.ts'

/** Where the journey of a SAML client comes back to: our own, and no code ever goes further. Below the pool's address. */
export const SAML_CONTINUE_PATH = '/saml2/idp/continue'

/**
 * A SAML client as the authorization endpoint sees it: a public one with a single address, ours, whose codes are bound to a
 * verifier that nobody else has. Others are as they are.
 *
 * @param base address of the pool's pages
 */
export const asAuthorizationClient = (client: AppClient, base: string): AppClient =>
  client.settings.type !== 'saml'
    ? client
    : {
        ...client,
        settings: {
          ...client.settings,
          callbackUrls: [`${base}${SAML_CONTINUE_PATH}`],
          flows: ['authorization_code'],
          pkce: 'required',
        },
      }

/**
 * Whether an entity id is free, before anything is done. Fails with `settings-refused`. Of two that are made at the same moment the
 * store refuses one, in the same words.
 *
 * @param clientId of the client whose settings these are; null: it is being made
 */
export const checkEntityId = async (
  clients: Pick<ClientStore, 'list'>,
  poolId: string,
  { saml }: Pick<ClientSettings, 'saml'>,
  clientId: string | null,
): Promise<Result<void>> => {
  if (saml === undefined) return ok(undefined)
  const others = (await clients.list(poolId)).filter(({ id }) => id !== clientId)
  return others.some(({ settings }) => settings.saml?.entityId === saml.entityId)
    ? { ok: false, failure: ENTITY_ID_TAKEN }
    : ok(undefined)
}
