import type { AppClient } from '#core/clients/client-settings.ts'
import { addressesForProvider, type IdentityProvider } from '#core/federation/index.ts'
import { samlIdpAddresses } from '#core/saml-idp/index.ts'
import type { CommandInput } from './command.ts'

const WORDS: Readonly<Record<string, string>> = {
  callbackUrl: 'return address',
  metadataUrl: 'metadata',
  entityId: 'entity id',
  acsUrl: 'assertion consumer',
  ssoUrl: 'single sign-on',
  sloUrl: 'single logout',
  logoutUrl: 'logout address',
}

const linesOf = (heading: string, addresses: Readonly<Record<string, string>>): string[] => {
  const rows = Object.entries(addresses).map(([name, value]) => `  ${(WORDS[name] ?? name).padEnd(18)}  ${value}`)
  return rows.length === 0 ? [] : ['', heading, ...rows]
}

type Links = Pick<CommandInput['admin'], 'links'>

/** What has to be entered at a provider, for people and for programs. */
export const enteredAtProvider = ({ links }: Links, provider: IdentityProvider) => {
  const atProvider = addressesForProvider(links.base(provider.poolId), provider)
  return { json: { atProvider }, lines: linesOf('Enter at the provider:', atProvider) }
}

/** What a service provider has to know of the pool; nothing for a client that is none. */
export const enteredAtServiceProvider = ({ links }: Links, { poolId, settings }: AppClient) => {
  if (settings.type !== 'saml') return { json: {}, lines: [] }
  const atApp = { metadataUrl: samlIdpAddresses(links.base(poolId)).entityId, ...samlIdpAddresses(links.base(poolId)) }
  return { json: { atApp }, lines: linesOf('Enter at the app, or let it import the metadata:', atApp) }
}
