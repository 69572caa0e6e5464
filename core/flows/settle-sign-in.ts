import type { AppClient } from '../clients/client-settings.ts'
import type { ClientReader } from '../clients/ports.ts'
import { type AuthEvent, newEvent } from '../events/index.ts'
import { ACR_MULTI_FACTOR, acrOf, deviceCookieKey, deviceTokenHash, reaches } from '../factors/index.ts'
import type { DeviceStore } from '../factors/ports.ts'
import type { Pool } from '../pools/pool-settings.ts'
import { agentOf, learn, type PlaceFinder, type ProfileStore, type RiskFacts, readProfile } from '../risk/index.ts'
import { newBearerSecret } from '../shared/ids.ts'
import type { KeyedHash, Random, RequestContext } from '../shared/ports.ts'
import type { Flow } from './flow.ts'
import { deviceFacts, deviceOf, requestFacts, riskSettingsOf } from './judge-sign-in.ts'

export interface SettlePorts {
  devices: DeviceStore
  profiles: ProfileStore
  places: PlaceFinder
  clients: Pick<ClientReader, 'anyJudges'>
  hashes: KeyedHash
  random: Random
}

/** The browser's device cookie of this person, renewed: `name` is what stands after the common part. */
export interface DeviceCookie {
  name: string
  secret: string
}

/** Tries at a profile that another sign-in of the person is writing at the same moment. */
const MOST_TRIES = 3

interface Settling {
  pool: Pool
  /** As it is now, for its own part of the risk settings. */
  client: AppClient
  flow: Pick<Flow, 'id' | 'clientId' | 'createdAt' | 'state'>
  sub: string
  context: RequestContext
  now: Date
}

/** Until when this browser stands for the second factor; null: it does not, or as long as it did before. */
const rememberedUntil = ({ pool, flow, now }: Settling): Date | null => {
  const { remember, days } = pool.settings.devices
  const { proofs, remembers } = flow.state
  // Only who has shown a second factor in this journey may spare it the next time.
  const isShownNow = proofs.some(
    ({ method, at }) => method !== 'password' && method !== 'device' && at >= flow.createdAt,
  )
  const isWanted = remember === 'always' || (remember === 'asked' && remembers)
  return isWanted && isShownNow && reaches(acrOf(proofs), ACR_MULTI_FACTOR)
    ? new Date(now.getTime() + days * 86_400_000)
    : null
}

/**
 * Whether the person's habits are kept: where the pool, this app or any other app of the pool judges. There is one profile
 * of a person over all apps, and the app that judges must find in it what is usual for them at those that do not, or
 * every network and browser known there would be new to it. Where nobody judges, nobody's habits are written down.
 */
const keepsHabits = async ({ clients }: SettlePorts, { pool, client }: Settling): Promise<boolean> =>
  pool.settings.threatProtection.mode !== 'off' ||
  riskSettingsOf({ pool, client }).mode !== 'off' ||
  clients.anyJudges(pool.id)

const learnt = async (
  { profiles }: SettlePorts,
  { pool, sub, now }: Settling,
  facts: Pick<RiskFacts, 'request' | 'device'>,
) => {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt++) {
    const stored = await profiles.find(pool.id, sub)
    const profile = learn(readProfile(stored?.profile), facts)
    if (await profiles.save(pool.id, sub, profile, stored?.version ?? 0, now)) return
  }
}

/**
 * What a completed sign-in leaves behind: the browser in the person's list, and their habits. A secret that the person does
 * not have yet is never taken from the browser, but made anew: whoever planted one does not come to own a remembered device.
 */
export const settleSignIn = async (ports: SettlePorts, settling: Settling): Promise<DeviceCookie> => {
  const { pool, flow, sub, context, now } = settling
  const { hashes, random, devices, places } = ports
  const known = await deviceOf(ports, { pool, context }, sub)
  const id = known?.id ?? flow.state.eventId
  const name = deviceCookieKey(hashes, pool.id, sub)
  const secret = (known === null ? undefined : context.browser?.deviceSecrets[name]) ?? newBearerSecret(random)
  const place = context.ip === null ? null : places.find(context.ip)
  const until = rememberedUntil(settling)
  const remembered = (): AuthEvent =>
    newEvent(random, now, {
      poolId: pool.id,
      type: 'device.remembered',
      outcome: 'success',
      sub,
      clientId: flow.clientId,
      flowId: flow.id,
      context,
      deviceId: id,
      detail: { until: until?.toISOString() ?? null },
    })
  await devices.seen(
    {
      poolId: pool.id,
      sub,
      id,
      tokenHash: deviceTokenHash(hashes, pool.id, sub, secret),
      name: agentOf(context.userAgent) ?? '',
      rememberedUntil: until,
      firstSeenAt: now,
      lastSeenAt: now,
      lastIp: context.ip,
      lastPlace: place && { country: place.country, city: place.city },
    },
    { events: until === null ? [] : [remembered()] },
  )
  if (await keepsHabits(ports, settling)) {
    await learnt(ports, settling, { request: requestFacts(context, place, now), device: deviceFacts(known) })
  }
  return { name, secret }
}
