import { z } from 'zod'
import { parseNetwork } from '#core/shared/network-set.ts'

export const RISK_LEVELS = ['low', 'medium', 'high'] as const
/** The mildest first. A level may not have a weaker action than the one below it. */
export const RISK_ACTIONS = ['allow', 'mfa-if-configured', 'mfa-required', 'block'] as const
export type RiskAction = (typeof RISK_ACTIONS)[number]

/** Cognito takes no more in each of its two lists. */
const MOST_NETWORKS = 200

const Network = z
  .string()
  .refine((text) => parseNetwork(text) !== null, 'a network such as 192.0.2.0/24 or 2001:db8::/32, or one address')

/** Points that a signal adds when it applies in full. A point multiplies the odds by e (2.7); 0 silences it. */
const points = (fallback: number) => z.number().min(0).max(10).default(fallback)

/** What each signal is worth. The defaults were fitted to simulated histories: docs/risk.md. */
export const RiskWeights = z.strictObject({
  newDevice: points(3.2),
  borrowedDevice: points(4.5),
  newBrowser: points(1.6),
  newLanguage: points(2),
  newNetwork: points(1.8),
  newCountry: points(1.8),
  impossibleTravel: points(1.5),
  unusualHour: points(1.5),
  reportedBefore: points(3),
  freshCredential: points(0.5),
  accountFailures: points(1.5),
  spray: points(2.5),
  badNetwork: points(2.5),
  automation: points(3.5),
})
export type RiskWeights = z.infer<typeof RiskWeights>

const threshold = (fallback: number) => z.number().gt(0).lt(1).default(fallback)

/** The score from which on a sign-in has the level. */
export const RiskThresholds = z
  .strictObject({ low: threshold(0.2), medium: threshold(0.4), high: threshold(0.85) })
  .refine(({ low, medium, high }) => low < medium && medium < high, 'low must be below medium, and medium below high')

/** What happens at a level. `notify` mails the person, with a yes and a no. */
const LevelAction = z.strictObject({ action: z.enum(RISK_ACTIONS), notify: z.boolean().default(false) })

const rank = (action: RiskAction): number => RISK_ACTIONS.indexOf(action)

/** Cognito's `AccountTakeoverRiskConfiguration`. */
export const RiskActions = z
  .strictObject({
    low: LevelAction.prefault({ action: 'allow' }),
    medium: LevelAction.prefault({ action: 'mfa-if-configured', notify: true }),
    high: LevelAction.prefault({ action: 'mfa-required', notify: true }),
  })
  .refine(
    ({ low, medium, high }) => rank(low.action) <= rank(medium.action) && rank(medium.action) <= rank(high.action),
    'a higher level may not have a weaker action',
  )

const fields = {
  /** `off`: nothing is computed. `audit`: computed and written down, nobody is stopped. `enforce`: actions are taken. */
  mode: z.enum(['off', 'audit', 'enforce']),
  weights: RiskWeights,
  thresholds: RiskThresholds,
  actions: RiskActions,
  /** Successful sign-ins before a person's own history counts in full. */
  coldStartSignIns: z.int().min(0).max(50),
  /** Always refused; no level is computed. Wins over `allowedNetworks`. */
  deniedNetworks: z.array(Network).max(MOST_NETWORKS),
  /** Never judged. */
  allowedNetworks: z.array(Network).max(MOST_NETWORKS),
  /**
   * Cognito's behaviour: a device that is remembered in place of the second factor passes a challenge because of risk too.
   * Off: remembering never stands against risk.
   */
  rememberedDevicesPass: z.boolean(),
}

/** Adaptive authentication of a pool. */
export const RiskSettings = z.strictObject({
  mode: fields.mode.default('off'),
  weights: fields.weights.prefault({}),
  thresholds: fields.thresholds.prefault({}),
  actions: fields.actions.prefault({}),
  coldStartSignIns: fields.coldStartSignIns.default(5),
  deniedNetworks: fields.deniedNetworks.default([]),
  allowedNetworks: fields.allowedNetworks.default([]),
  rememberedDevicesPass: fields.rememberedDevicesPass.default(false),
})
export type RiskSettings = z.infer<typeof RiskSettings>
export type RiskSettingsInput = z.input<typeof RiskSettings>

/** A client's own: each part that is given replaces the pool's part whole. Weights are the pool's alone. */
export const RiskOverride = z.strictObject({
  mode: fields.mode.optional(),
  thresholds: fields.thresholds.optional(),
  actions: fields.actions.optional(),
  deniedNetworks: fields.deniedNetworks.optional(),
  allowedNetworks: fields.allowedNetworks.optional(),
})
export type RiskOverride = z.infer<typeof RiskOverride>

/** The settings in force for a client. */
export const riskSettingsFor = (pool: RiskSettings, client: RiskOverride | undefined): RiskSettings => ({
  ...pool,
  ...(Object.fromEntries(
    Object.entries(client ?? {}).filter(([, part]) => part !== undefined),
  ) as Partial<RiskSettings>),
})
