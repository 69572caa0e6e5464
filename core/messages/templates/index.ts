import type { MessagePurpose } from '../message.ts'
import { accountExists } from './account-exists.ts'
import { cannotReset } from './cannot-reset.ts'
import { codeMessage } from './code-message.ts'
import { invitation } from './invitation.ts'
import { passwordChanged } from './password-changed.ts'
import { passwordExposed } from './password-exposed.ts'
import type { MessageTemplate } from './template.ts'

export const TEMPLATES: Record<MessagePurpose, MessageTemplate> = {
  'sign-up-code': codeMessage('signUpCode'),
  'account-exists': accountExists,
  'recovery-code': codeMessage('recoveryCode'),
  'verify-account-code': codeMessage('verifyAccountCode'),
  'second-factor-code': codeMessage('secondFactorCode'),
  'enrol-factor-code': codeMessage('enrolFactorCode'),
  'sign-in-code': codeMessage('signInCode'),
  'cannot-reset': cannotReset,
  'password-changed': passwordChanged,
  'password-exposed': passwordExposed,
  invitation,
}
