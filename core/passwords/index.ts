export type { PasswordPolicyPorts, PasswordToCheck } from './password-policy.ts'
export { checkNewPassword, checkPasswordRules, MAX_PASSWORD_BYTES, normalisePassword } from './password-policy.ts'
export type { CommonPasswords } from './ports.ts'
export { temporaryPassword } from './temporary-password.ts'
