import type { Database } from '#adapters/postgres/database.ts'
import { pgSamlApps } from '#adapters/postgres/pg-saml-apps.ts'
import { pgAssertionIds } from '#adapters/postgres/pg-saml-facts.ts'
import { pgPairwiseSecrets, pgSamlKeys } from '#adapters/postgres/pg-saml-keys.ts'
import { selfSignedCertificates } from '#adapters/saml/self-signed-certificate.ts'
import { type EndSessionDeps, endSession } from '../oidc/end-session.ts'
import type { SamlRoom } from './room.ts'
import { type SamlIdp, samlIdp } from './saml-idp.ts'

/** Composes the identity provider over a database. */
export const samlIdpRoom = (
  database: Database,
  leaving: EndSessionDeps & Pick<SamlRoom, 'pages' | 'secrets'>,
): SamlIdp => {
  const { deps, pages, secrets } = leaving
  const { clock, random } = deps
  return samlIdp({
    deps,
    pages,
    secrets,
    apps: pgSamlApps(database),
    ids: pgAssertionIds(database),
    keys: pgSamlKeys(database, { secrets, maker: selfSignedCertificates, clock }),
    names: pgPairwiseSecrets(database, { secrets, random, clock }),
    end: endSession(leaving),
  })
}
