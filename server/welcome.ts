import { startDemoApp } from './demo/demo-app.ts'
import type { House } from './house.ts'
import { DEMO, demoClientSecret, seedDemo } from './seed-demo.ts'

/** On an empty database: a pool, two clients and a person to try everything with. Prints where to go. */
export const welcome = async (house: House, say: (line: string) => void): Promise<{ stop(): Promise<void> }> => {
  const { config, secrets } = house
  say(`serving ${config.PUBLIC_ORIGIN}`)
  if (!config.seedDemo) return { stop: async () => undefined }
  if (await seedDemo(house)) say('made the demo pool, two apps and a person (prisma/seed/portico.demo.yaml)')
  const demoOrigin = `http://localhost:${config.DEMO_PORT}`
  const issuer = `${config.PUBLIC_ORIGIN}/${DEMO.poolId}`
  const demo = await startDemoApp({
    issuer,
    clientId: DEMO.webClientId,
    clientSecret: demoClientSecret(secrets),
    port: config.DEMO_PORT,
    origin: demoOrigin,
    inboxUrl: `${config.PUBLIC_ORIGIN}/dev/inbox`,
  })
  say(`demo app      ${demo.url}`)
  say(`demo person   ${DEMO.person.email} · ${DEMO.person.password}`)
  say(
    `sign-in page  ${issuer}/login?client_id=${DEMO.webClientId}&redirect_uri=${encodeURIComponent(`${demoOrigin}/callback`)}`,
  )
  say(`account       ${issuer}/account`)
  say(`discovery     ${issuer}/.well-known/openid-configuration`)
  say(`inbox         ${config.PUBLIC_ORIGIN}/dev/inbox`)
  return { stop: () => demo.stop() }
}
