import type { RiskAssessment } from './assess-risk.ts'
import type { RiskAction, RiskSettings } from './risk-settings.ts'

/** What matters about the person when it comes to what may be asked of them. */
export interface RiskPerson {
  hasSecondFactor: boolean
  /** Came with a device that stands for the second factor in this pool. */
  isRememberedDevice: boolean
}

export interface RiskDecision {
  /** What the settings say for the level; in `audit`, what would have been done. */
  action: RiskAction
  /** What has to be done now. `challenge`: a second factor, whatever else the pool asks; nobody is asked twice. */
  effect: 'allow' | 'challenge' | 'block'
  /** Tell the person by mail. Never in `audit`. */
  notify: boolean
  /** How the effect follows from the action. */
  because: 'no-risk' | 'level' | 'audit' | 'off' | 'denied' | 'allowed' | 'no-second-factor' | 'remembered-device'
}

const settled = (because: RiskDecision['because']): RiskDecision => ({
  action: 'allow',
  effect: 'allow',
  notify: false,
  because,
})

const effectOf = (
  settings: RiskSettings,
  action: RiskAction,
  { hasSecondFactor, isRememberedDevice }: RiskPerson,
): Pick<RiskDecision, 'effect' | 'because'> => {
  if (action === 'allow') return { effect: 'allow', because: 'level' }
  if (action === 'block') return { effect: 'block', because: 'level' }
  if (settings.rememberedDevicesPass && isRememberedDevice && hasSecondFactor)
    return { effect: 'allow', because: 'remembered-device' }
  if (hasSecondFactor) return { effect: 'challenge', because: 'level' }
  return { effect: action === 'mfa-required' ? 'block' : 'allow', because: 'no-second-factor' }
}

/**
 * What follows from an assessment. A denied address is refused without a level, in `enforce` alone; an allowed one passes.
 * `mfa-required` blocks whoever has no second factor, `mfa-if-configured` lets them pass, as in Cognito.
 */
export const decide = (
  settings: RiskSettings,
  { level, exception }: Pick<RiskAssessment, 'level' | 'exception'>,
  person: RiskPerson,
): RiskDecision => {
  if (settings.mode === 'off') return settled('off')
  if (exception === 'allowed') return settled('allowed')
  const isAudit = settings.mode === 'audit'
  if (exception === 'denied')
    return {
      action: 'block',
      effect: isAudit ? 'allow' : 'block',
      notify: false,
      because: isAudit ? 'audit' : 'denied',
    }
  if (level === 'none') return settled('no-risk')
  const { action, notify } = settings.actions[level]
  if (isAudit) return { action, effect: 'allow', notify: false, because: 'audit' }
  return { action, notify, ...effectOf(settings, action, person) }
}
