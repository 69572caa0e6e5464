import type { Signal } from '../signal.ts'
import { accountFailures } from './account-failures.ts'
import { automation } from './automation.ts'
import { badNetwork } from './bad-network.ts'
import { borrowedDevice } from './borrowed-device.ts'
import { freshCredential } from './fresh-credential.ts'
import { impossibleTravel } from './impossible-travel.ts'
import { newBrowser } from './new-browser.ts'
import { newCountry } from './new-country.ts'
import { newDevice } from './new-device.ts'
import { newLanguage } from './new-language.ts'
import { newNetwork } from './new-network.ts'
import { reportedBefore } from './reported-before.ts'
import { spray } from './spray.ts'
import { unusualHour } from './unusual-hour.ts'

/** Every signal under the name that its weight has in the settings. */
export const SIGNALS = {
  newDevice,
  borrowedDevice,
  newBrowser,
  newLanguage,
  newNetwork,
  newCountry,
  impossibleTravel,
  unusualHour,
  reportedBefore,
  freshCredential,
  accountFailures,
  spray,
  badNetwork,
  automation,
} as const satisfies Record<string, Signal>

export type SignalName = keyof typeof SIGNALS

export const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[]

/** Those that compare with the person's own history: they mean little before there is one. */
export const PERSONAL: ReadonlySet<SignalName> = new Set([
  'newDevice',
  'newBrowser',
  'newLanguage',
  'newNetwork',
  'newCountry',
  'impossibleTravel',
  'unusualHour',
])
