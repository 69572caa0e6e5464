import type { CompatibilitySettings, PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { type RelyingParty, signInWith } from './relying-party.ts'
import { CALLBACK, type TestHouse, type TestPerson } from './test-house.ts'

export const ADDRESS = { formatted: '1 Main Street\nTown', country: 'NO' }
export const SCOPE = 'openid profile email phone address'
export const ATTRIBUTES = {
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  middle_name: 'M',
  nickname: 'annie',
  preferred_username: 'ann',
  profile: 'https://example.com/ann',
  picture: 'https://example.com/ann.png',
  website: 'https://ann.example.com',
  gender: 'female',
  birthdate: '1990-01-02',
  zoneinfo: 'Europe/Oslo',
  locale: 'nb-NO',
  updated_at: '1700000000',
  email: 'ann@example.com',
  phone_number: '+4740000001',
  address: JSON.stringify(ADDRESS),
  'custom:level': '7',
  'custom:admin': 'true',
  'custom:team': 'blue',
}
export const PROFILE = {
  name: 'Ann Example',
  given_name: 'Ann',
  family_name: 'Example',
  middle_name: 'M',
  nickname: 'annie',
  preferred_username: 'ann',
  profile: 'https://example.com/ann',
  picture: 'https://example.com/ann.png',
  website: 'https://ann.example.com',
  gender: 'female',
  birthdate: '1990-01-02',
  zoneinfo: 'Europe/Oslo',
  locale: 'nb-NO',
  updated_at: 1_700_000_000,
}
export const CUSTOM = { 'custom:level': 7, 'custom:admin': true, 'custom:team': 'blue' }
export const EMAIL = { email: 'ann@example.com', email_verified: true }
export const PHONE = { phone_number: '+4740000001', phone_number_verified: false }
export const CUSTOM_AS_TEXT = { 'custom:level': '7', 'custom:admin': 'true', 'custom:team': 'blue' }

export const SETTINGS: PoolSettingsInput = {
  signInNames: ['email'],
  attributes: { 'custom:level': { type: 'number' }, 'custom:admin': { type: 'boolean' }, 'custom:team': {} },
}
export const APP = { callbackUrls: [CALLBACK], scopes: SCOPE.split(' ') }

export interface Scene {
  party: RelyingParty
  ann: TestPerson
  clientId: string
  poolId: string
  issuer: string
}

/** A pool with these quirks, an app in it, and Ann, of whom everything is known. */
export const sceneIn = async (
  house: TestHouse,
  compatibility: Partial<CompatibilitySettings> = {},
  app: Record<string, unknown> = {},
  settings: PoolSettingsInput = {},
): Promise<Scene> => {
  const pool = await house.createPool({ settings: { ...SETTINGS, compatibility, ...settings } })
  const client = await pool.createClient({ ...APP, ...app })
  const ann = await pool.createUser({
    attributes: { ...ATTRIBUTES, email_verified: true, phone_number_verified: false },
  })
  const { poolId, issuer } = pool
  return { party: await client.party({ scope: SCOPE }), ann, clientId: client.clientId, poolId, issuer }
}

/** Signs Ann in and verifies both tokens. */
export const signInTo = async ({ party, ann }: Scene, asked = {}) => {
  const { tokens, sub } = await signInWith(party, ann, { asked })
  return {
    tokens,
    sub,
    id: await party.verified(tokens.id_token ?? ''),
    access: await party.verified(tokens.access_token),
  }
}
