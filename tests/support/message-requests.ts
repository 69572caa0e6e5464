import assert from 'node:assert/strict'
import { composeMessage, type MessageToRender } from '#core/messages/compose.ts'
import type { MessagePurpose, RenderedEmail } from '#core/messages/message.ts'
import { PoolSettings } from '#core/pools/pool-settings.ts'

export const NOW = new Date('2030-01-01T12:00:00Z')
export const random = {
  bytes: (count: number) => new Uint8Array(count),
  text: (length: number) => 'x'.repeat(length),
  uuid: () => '00000000-0000-4000-8000-000000000000',
  uuidAt: () => '019470f0-0000-7000-8000-000000000001',
}
export const clock = { now: () => NOW }
export const compose = composeMessage({ random, clock })

const FACTS: Record<MessagePurpose, Partial<MessageToRender['facts']>> = {
  'sign-up-code': { code: '123456', link: 'https://auth.example.com/confirmUser?token=a&b', minutes: 15 },
  'recovery-code': { code: '123456', link: 'https://auth.example.com/forgotPassword?token=a', minutes: 15 },
  'verify-account-code': { code: '123456', minutes: 60 },
  'second-factor-code': { code: '123456', minutes: 10, at: NOW, device: 'Firefox' },
  'enrol-factor-code': { code: '123456', minutes: 10 },
  'sign-in-code': { code: '123456', link: 'https://auth.example.com/signInLink?token=a', minutes: 10 },
  'cannot-reset': { owner: 'help@example.com' },
  'account-exists': {
    signInLink: 'https://auth.example.com/login',
    recoveryLink: 'https://auth.example.com/forgotPassword',
  },
  'password-changed': {
    at: NOW,
    place: 'Bern, CH',
    device: 'Firefox',
    recoveryLink: 'https://auth.example.com/forgotPassword',
  },
  'password-exposed': { recoveryLink: 'https://auth.example.com/forgotPassword' },
  'factor-removed': { factor: 'passkey', at: NOW, accountLink: 'https://auth.example.com/account' },
  'identity-linked': { provider: 'The Corporation', at: NOW, accountLink: 'https://auth.example.com/account' },
  'identity-unlinked': { provider: 'The Corporation', at: NOW, accountLink: 'https://auth.example.com/account' },
  'recovery-codes-made': { at: NOW, accountLink: 'https://auth.example.com/account' },
  'contact-change-code': { code: '123456', minutes: 15 },
  'contact-changed': {
    attribute: 'email',
    contact: 'a•••@example.org',
    at: NOW,
    undoLink: 'https://auth.example.com/account/undo?token=a',
  },
  'contact-taken': { attribute: 'email', at: NOW },
  'export-ready': { until: NOW, accountLink: 'https://auth.example.com/account/data' },
  'deletion-scheduled': { until: NOW, undoLink: 'https://auth.example.com/account/undo?token=a' },
  'deletion-cancelled': { at: NOW, accountLink: 'https://auth.example.com/account' },
  'deletion-done': { at: NOW },
  'factor-added': { factor: 'totp', at: NOW, recoveryLink: 'https://auth.example.com/forgotPassword' },
  'factors-reset': { at: NOW, recoveryLink: 'https://auth.example.com/forgotPassword' },
  'set-up-factor': { at: NOW, signInLink: 'https://auth.example.com/login' },
  'new-sign-in': {
    at: NOW,
    place: 'Oslo, Norway',
    device: 'Firefox on Linux',
    answerLink: 'https://auth.example.com/wasThisYou?token=a&b',
    recoveryLink: 'https://auth.example.com/forgotPassword',
    minutes: 10_080,
  },
  'blocked-sign-in': { at: NOW, answerLink: 'https://auth.example.com/wasThisYou?token=a&b', minutes: 10_080 },
  'recovery-code-used': { left: 3, at: NOW, recoveryLink: 'https://auth.example.com/forgotPassword' },
  'factor-recovery': { until: NOW, at: NOW, link: 'https://auth.example.com/factorRecovery?token=a&b' },
  invitation: {
    username: 'ann',
    temporaryPassword: 'brave-otter-52',
    minutes: 10_080,
    signInLink: 'https://auth.example.com/login',
  },
}

export const aRequest = (
  purpose: MessagePurpose = 'sign-up-code',
  {
    facts,
    settings,
    ...more
  }: Partial<Omit<MessageToRender, 'facts'>> & {
    facts?: Partial<MessageToRender['facts']>
    settings?: Parameters<typeof PoolSettings.parse>[0]
  } = {},
): MessageToRender => ({
  pool: {
    id: 'eu-local-1_AbCdEfGhI',
    name: 'meridian',
    settings: PoolSettings.parse(settings ?? { displayName: 'Meridian' }),
  },
  clientName: 'Meridian Shop',
  channel: 'email',
  purpose,
  to: more.channel === 'sms' ? '+4915112345678' : 'ann@example.com',
  facts: { host: 'auth.example.com', locale: 'en', ...FACTS[purpose], ...facts },
  expiresAt: null,
  ...more,
})

export const mailOf = async (request: MessageToRender, composing = compose): Promise<RenderedEmail> => {
  const result = await composing(request)
  assert.ok(result.ok, JSON.stringify(result))
  assert.equal(result.value.message.channel, 'email')
  return result.value.message as RenderedEmail
}
export const smsOf = async (request: MessageToRender, composing = compose): Promise<string> => {
  const result = await composing({ ...request, channel: 'sms', to: '+4915112345678' })
  assert.ok(result.ok, JSON.stringify(result))
  return result.value.message.text
}
