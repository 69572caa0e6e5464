import type { MessagePurpose } from '../message.ts'
import { accountExists } from './account-exists.ts'
import { accountNotice } from './account-notice.ts'
import { cannotReset } from './cannot-reset.ts'
import { codeMessage } from './code-message.ts'
import { factorNotice } from './factor-notice.ts'
import { invitation } from './invitation.ts'
import { passwordChanged } from './password-changed.ts'
import { passwordExposed } from './password-exposed.ts'
import { signInQuestion } from './sign-in-question.ts'
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
  'factor-added': accountNotice('factorAdded'),
  'factor-removed': accountNotice('factorRemoved'),
  'identity-linked': accountNotice('identityLinked'),
  'identity-unlinked': accountNotice('identityUnlinked'),
  'recovery-codes-made': accountNotice('recoveryCodesMade'),
  'contact-change-code': codeMessage('contactChangeCode'),
  'contact-changed': accountNotice('contactChanged', 'undoLink'),
  'contact-taken': accountNotice('contactTaken', null),
  'export-ready': accountNotice('exportReady'),
  'deletion-scheduled': accountNotice('deletionScheduled', 'undoLink'),
  'deletion-cancelled': accountNotice('deletionCancelled'),
  'deletion-done': accountNotice('deletionDone', null),
  'factors-reset': factorNotice('factorsReset'),
  'set-up-factor': factorNotice('setUpFactor'),
  'recovery-code-used': factorNotice('recoveryCodeUsed'),
  'new-sign-in': signInQuestion('newSignIn'),
  'blocked-sign-in': signInQuestion('blockedSignIn'),
  'factor-recovery': factorNotice('factorRecovery'),
  invitation,
}
