import { FEDERATION } from './attacks/federation.ts'
import { PEOPLE } from './attacks/people.ts'
import { REQUESTS } from './attacks/requests.ts'
import { RIGHTS } from './attacks/rights.ts'
import type { Rows } from './attacks/row.ts'
import { SAML_ATTACKS } from './attacks/saml.ts'

/** Where each row of docs/attacks.md is answered. */
export const ATTACKS: Rows = { ...REQUESTS, ...PEOPLE, ...FEDERATION, ...SAML_ATTACKS, ...RIGHTS }
