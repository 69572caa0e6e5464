import { createClient } from '#core/clients/index.ts'
import { createPool } from '#core/pools/index.ts'
import { prismaClients } from '#adapters/postgres/prisma-clients.ts'
import { prismaPools } from '#adapters/postgres/prisma-pools.ts'
import { prismaResourceServers } from '#adapters/postgres/prisma-resource-servers.ts'
import { startDemoApp } from './demo/demo-app.ts'
import type { House } from './house.ts'

const DEMO_POOL = 'eu-local-1_PorticoDm'
const DEMO_CLIENT = 'demowebapp0000000000000000'

/** On an empty database: a pool, two clients and a person to try everything with. Prints where to go. */
export const welcome = async (house: House, say: (line: string) => void): Promise<{ stop(): Promise<void> }> => {
  const { config, secrets, store, ports, keys } = house
  say(`serving ${config.PUBLIC_ORIGIN}`)
  if (!config.seedDemo) return { stop: async () => undefined }
  const secret = secrets.derive('demo-client')
  const pools = prismaPools(store)
  const demoOrigin = `http://localhost:${config.DEMO_PORT}`
  if ((await pools.list()).length === 0) {
    const by = { name: 'seed', context: null }
    await createPool({ pools, keys, random: ports.random, clock: ports.clock })({ name: 'Demo', settings: { displayName: 'Fjord Books', production: false }, region: config.PORTICO_REGION, id: DEMO_POOL, by })
    await createClient({ pools, resourceServers: prismaResourceServers(store), clients: prismaClients(store), hashes: ports.hashes, random: ports.random, clock: ports.clock })({
      poolId: DEMO_POOL,
      name: 'Demo web app',
      id: DEMO_CLIENT,
      secret,
      settings: { callbackUrls: [`${demoOrigin}/callback`], logoutUrls: [`${demoOrigin}/signed-out`, `${demoOrigin}/`], displayName: 'Fjord Books', initiateLoginUrl: `${demoOrigin}/sign-in` },
      by,
    })
  }
  const issuer = `${config.PUBLIC_ORIGIN}/${DEMO_POOL}`
  const demo = await startDemoApp({ issuer, clientId: DEMO_CLIENT, clientSecret: secret, port: config.DEMO_PORT, origin: demoOrigin, inboxUrl: `${config.PUBLIC_ORIGIN}/dev/inbox` })
  say(`demo app      ${demo.url}`)
  say(`sign-in page  ${issuer}/login?client_id=${DEMO_CLIENT}&redirect_uri=${encodeURIComponent(`${demoOrigin}/callback`)}`)
  say(`discovery     ${issuer}/.well-known/openid-configuration`)
  say(`inbox         ${config.PUBLIC_ORIGIN}/dev/inbox`)
  return { stop: () => demo.stop() }
}
