import {
  addClientSecret,
  type ClientStore,
  changeClient,
  createClient,
  deleteClient,
  findClient,
  removeClientSecret,
  secretHash,
} from '../clients/index.ts'
import type { EventHistory } from '../events/index.ts'
import type { DeviceStore, FactorStore, RecoveryCodeStore } from '../factors/index.ts'
import {
  changeProvider,
  createProvider,
  deleteProvider,
  findProvider,
  freshUpstreamToken,
  type IdentityStore,
  linkIdentity,
  listIdentities,
  type ProviderStore,
  readUpstreamRecord,
  type TokenRefreshes,
  unlinkIdentity,
} from '../federation/index.ts'
import {
  addGroupMember,
  changeGroup,
  createGroup,
  deleteGroup,
  findGroup,
  type GroupStore,
  removeGroupMember,
} from '../groups/index.ts'
import type { SigningKeyMaker } from '../keys/index.ts'
import type { MessageComposer } from '../messages/index.ts'
import type { CommonPasswords, CompromisedPasswords } from '../passwords/index.ts'
import {
  changePool,
  createPool,
  deletePool,
  deleteResourceServer,
  findPool,
  type PoolStore,
  putResourceServer,
  type ResourceServerStore,
} from '../pools/index.ts'
import type { PoolLinks } from '../pools/ports.ts'
import type { ProfileStore, SignInFeedback } from '../risk/index.ts'
import type { Administrator } from '../shared/administrator.ts'
import type { Clock, KeyedHash, Random } from '../shared/ports.ts'
import type { Triggers } from '../triggers/ports.ts'
import {
  changeAttributes,
  confirmUser,
  createUser,
  deleteUser,
  disableUser,
  enableUser,
  findUser,
  inviteUser,
  resetPassword,
  setPassword,
  signOutEverywhere,
} from '../users/index.ts'
import type { PasswordHasher, RecoveryCodes, UserDirectory, UserLister, UserWriter } from '../users/ports.ts'
import { factorsOf, preferFactor, resetFactors } from './administer-factors.ts'
import { judgeSignInOf } from './administer-sign-ins.ts'

/** Everything an administrator's act may touch. */
export interface AdministrationPorts {
  pools: PoolStore
  resourceServers: ResourceServerStore
  clients: ClientStore
  groups: GroupStore
  providers: ProviderStore
  identities: IdentityStore
  tokenRefreshes: TokenRefreshes
  users: UserDirectory
  writer: UserWriter
  lister: UserLister
  keys: SigningKeyMaker
  passwords: PasswordHasher
  commonPasswords: CommonPasswords
  compromised: CompromisedPasswords
  triggers: Triggers
  messages: MessageComposer
  codes: RecoveryCodes
  factors: FactorStore
  devices: DeviceStore
  history: EventHistory
  feedback: SignInFeedback
  profiles: ProfileStore
  recoveryCodes: RecoveryCodeStore
  links: PoolLinks
  hashes: KeyedHash
  random: Random
  clock: Clock
  /** First half of new pools' ids. */
  region: string
}

/**
 * All that can be administered, in the name of one administrator. Every face — command line, file, console — is thin over
 * this; each function promises what the use-case of its name does.
 */
export const administration = (ports: AdministrationPorts, by: Administrator) => {
  const named =
    <I extends { by: Administrator }, O>(act: (input: I) => O) =>
    (input: Omit<I, 'by'>): O =>
      act({ ...input, by } as I)
  const { pools, resourceServers, clients, groups, users, lister, hashes } = ports
  const poolPorts = { ...ports, users: lister }
  return {
    pools: {
      find: findPool(ports),
      list: () => pools.list(),
      create: (input: { name: string; settings: unknown; id?: string }) =>
        createPool(ports)({ ...input, region: ports.region, by }),
      change: named(changePool(poolPorts)),
      delete: named(deletePool(ports)),
    },
    resourceServers: {
      list: (poolId: string) => resourceServers.list(poolId),
      put: named(putResourceServer(ports)),
      delete: named(deleteResourceServer(ports)),
    },
    clients: {
      find: findClient(ports),
      list: (poolId: string) => clients.list(poolId),
      create: named(createClient(ports)),
      change: named(changeClient(ports)),
      delete: named(deleteClient(ports)),
      secrets: (poolId: string, clientId: string) => clients.secrets(poolId, clientId),
      addSecret: named(addClientSecret(ports)),
      removeSecret: named(removeClientSecret(ports)),
      /** Whether this very secret is live: lets a file be applied twice. */
      async hasSecret(poolId: string, clientId: string, secret: string): Promise<boolean> {
        const wanted = secretHash(hashes, secret)
        return (await clients.secretHashes(poolId, clientId)).some((hash) => hashes.equal(hash, wanted))
      },
    },
    providers: {
      find: findProvider(ports),
      list: (poolId: string) => ports.providers.list(poolId),
      create: named(createProvider(ports)),
      change: named(changeProvider(ports)),
      delete: named(deleteProvider(ports)),
      /** Whether the provider has this very secret: lets a file be applied twice. */
      hasSecret: async (poolId: string, name: string, secret: string): Promise<boolean> =>
        (await ports.providers.secret(poolId, name)) === secret,
    },
    groups: {
      find: findGroup(ports),
      list: (poolId: string) => groups.list(poolId),
      create: named(createGroup(ports)),
      change: named(changeGroup(ports)),
      delete: named(deleteGroup(ports)),
      addMember: named(addGroupMember(ports)),
      removeMember: named(removeGroupMember(ports)),
    },
    users: {
      find: findUser(ports),
      list: (...query: Parameters<UserLister['list']>) => lister.list(...query),
      groupsOf: (poolId: string, sub: string) => users.groupsOf(poolId, sub),
      create: named(createUser(ports)),
      changeAttributes: named(changeAttributes(ports)),
      invite: named(inviteUser(ports)),
      confirm: named(confirmUser(ports)),
      resetPassword: named(resetPassword(ports)),
      setPassword: named(setPassword(ports)),
      enable: named(enableUser(ports)),
      disable: named(disableUser(ports)),
      signOut: named(signOutEverywhere(ports)),
      factors: named(factorsOf(ports)),
      resetFactors: named(resetFactors(ports)),
      preferFactor: named(preferFactor(ports)),
      identities: listIdentities(ports),
      linkIdentity: named(linkIdentity(ports)),
      unlinkIdentity: named(unlinkIdentity(ports)),
      upstreamRecord: readUpstreamRecord(ports),
      upstreamToken: freshUpstreamToken(ports),
      delete: named(deleteUser(ports)),
      events: (...query: Parameters<EventHistory['list']>) => ports.history.list(...query),
      judgeSignIn: named(judgeSignInOf(ports)),
    },
    links: ports.links,
  }
}
export type Administration = ReturnType<typeof administration>
