import { ok } from '../shared/result.ts'
import type { Triggers } from './ports.ts'

/** The adapter of a pool whose owner set no trigger: everything goes on as it would. */
export const noTriggers: Triggers = {
  preSignUp: async () => ok({ autoConfirm: false, autoVerifyEmail: false, autoVerifyPhone: false }),
  postConfirmation: async () => ok(undefined),
  preAuthentication: async () => ok(undefined),
  postAuthentication: async () => ok(undefined),
  preTokenGeneration: async () => ok(null),
  migrateUser: async () => ok(null),
  customMessage: async () => ok(null),
  defineChallenge: async () => ok({ challengeName: null, issueTokens: false, failAuthentication: true }),
}
