import type { Pool } from '../pools/pool-settings.ts'
import type { NewMessage } from '../shared/alongside.ts'
import type { Clock, Random } from '../shared/ports.ts'
import { fail, ok, type Result } from '../shared/result.ts'
import type { TriggerCall, Triggers } from '../triggers/ports.ts'
import { mailHtml } from './mail-html.ts'
import { mailText } from './mail-text.ts'
import type { MessageFacts, MessagePurpose, RenderedEmail, RenderedMessage, RenderedSms } from './message.ts'
import { PICTURE_ID } from './message.ts'
import type { OperatorTemplate, Required, Substitutes } from './operator-template.ts'
import {
  CODE_PLACEHOLDER,
  fillHtml,
  fillText,
  LINK_PARAMETER,
  MAX_SMS_LENGTH,
  templateProblems,
} from './operator-template.ts'
import { escapeHtml, fitsHeader, isMailbox, isPhoneNumber, oneLine } from './safe-values.ts'
import { fittingSms, originBoundLine } from './sms-text.ts'
import { TEMPLATES } from './templates/index.ts'
import { wordsIn } from './words.ts'

export interface ComposeDeps {
  random: Random
  clock: Clock
  /** Absent: nobody is asked. */
  triggers?: Pick<Triggers, 'customMessage'>
  /** A trigger's answer that could not be used; the product's own words were sent instead. For the log. */
  onUnusableAnswer?: (poolId: string, problems: readonly string[]) => void
}

/** Whom the message is about, for the custom-message trigger. `source` only where it is not the purpose's own. */
export type MessageSubject = Pick<
  TriggerCall,
  'clientId' | 'eventId' | 'username' | 'attributes' | 'clientMetadata'
> & {
  source?: MessageSource
}

/** Cognito's `CustomMessage_…`. */
export type MessageSource =
  | 'sign-up'
  | 'admin-create-user'
  | 'resend-code'
  | 'forgot-password'
  | 'verify-user-attribute'
  | 'authentication'

export interface MessageToRender {
  pool: Pick<Pool, 'id' | 'name' | 'settings'>
  /** Name of the app on whose behalf it is sent; null: the pool's. */
  clientName: string | null
  channel: 'email' | 'sms'
  purpose: MessagePurpose
  to: string
  /** Names of app and pool come from the two above. */
  facts: Omit<MessageFacts, 'appName' | 'poolName'>
  /** After this moment it is worthless and is not sent any more. */
  expiresAt: Date | null
  /** Absent: the custom-message trigger is not asked. */
  about?: MessageSubject
}

/** Notices carry no code and are nobody's to change. */
const SOURCES: Partial<Record<MessagePurpose, MessageSource>> = {
  'sign-up-code': 'sign-up',
  'recovery-code': 'forgot-password',
  'verify-account-code': 'verify-user-attribute',
  'contact-change-code': 'verify-user-attribute',
  'second-factor-code': 'authentication',
  'sign-in-code': 'authentication',
  'enrol-factor-code': 'verify-user-attribute',
  invitation: 'admin-create-user',
}

const NOTICES: ReadonlySet<MessagePurpose> = new Set([
  'account-exists',
  'cannot-reset',
  'password-changed',
  'password-exposed',
  'factor-removed',
  'identity-linked',
  'identity-unlinked',
  'recovery-codes-made',
  'contact-changed',
  'contact-taken',
  'export-ready',
  'deletion-scheduled',
  'deletion-cancelled',
  'deletion-done',
  'factor-added',
  'factors-reset',
  'set-up-factor',
  'recovery-code-used',
  'new-sign-in',
  'blocked-sign-in',
])

/** A notice goes to someone who asked for nothing: no code and no link that proves an address is ever in it. */
const withoutSecrets = ({ code: _, link: __, temporaryPassword: ___, ...facts }: MessageFacts): MessageFacts => facts

const cleaned = (facts: MessageFacts): MessageFacts => ({
  ...facts,
  appName: oneLine(facts.appName, 80),
  poolName: oneLine(facts.poolName, 80),
  host: oneLine(facts.host),
  ...(facts.username !== undefined && { username: oneLine(facts.username) }),
  ...(facts.owner !== undefined && { owner: oneLine(facts.owner, 120) }),
  ...(facts.provider !== undefined && { provider: oneLine(facts.provider, 80) }),
  ...(facts.place !== undefined && { place: oneLine(facts.place, 120) }),
  ...(facts.device !== undefined && { device: oneLine(facts.device, 120) }),
})

const renderedMail = (request: MessageToRender, facts: MessageFacts): RenderedEmail => {
  const { locale } = facts
  const words = wordsIn(locale)
  const content = TEMPLATES[request.purpose].mail({ facts, words, locale })
  const signature = words('common.sentBy', { pool: facts.poolName, host: facts.host })
  const { fromName, fromAddress } = request.pool.settings.messages
  const picture = facts.brand?.picture
  return {
    channel: 'email',
    to: request.to,
    ...(picture && { picture: { ...picture, cid: PICTURE_ID } }),
    from: { name: fromName ?? facts.appName, address: fromAddress ?? null },
    subject: content.subject,
    text: mailText(content, { locale, signature }),
    html: mailHtml(content, { locale, appName: facts.appName, signature, brand: facts.brand }),
    locale,
  }
}

const smsEnding = ({ host, code }: MessageFacts): string => (code === undefined ? '' : originBoundLine(host, code))

const renderedSms = (request: MessageToRender, facts: MessageFacts): RenderedSms => {
  const { locale } = facts
  const wordings = TEMPLATES[request.purpose].sms({ facts, words: wordsIn(locale, { plain: true }), locale })
  return { channel: 'sms', to: request.to, text: fittingSms(wordings, smsEnding(facts)), locale }
}

/** Markup that a text reader need not see. Only ever shown as text. */
const textOfHtml = (html: string): string =>
  html
    .replace(/<(style|script|title)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .trim()

/** The product's message with the parts that an operator's template replaces. Null: what came out is too long to send. */
const withTemplate = (
  message: RenderedMessage,
  template: OperatorTemplate,
  values: Substitutes,
  facts: MessageFacts,
): RenderedMessage | null => {
  if (message.channel === 'sms') {
    if (template.text === null) return message
    const text = fillText(template.text, values)
    return text.length > MAX_SMS_LENGTH ? null : { ...message, text: fittingSms([text], smsEnding(facts)) }
  }
  const subject = template.subject === null ? message.subject : oneLine(fillText(template.subject, values))
  if (template.html === null && template.text === null) return { ...message, subject }
  const text = fillText(template.text ?? textOfHtml(template.html ?? ''), values)
  const html =
    template.html === null
      ? `<!doctype html><html lang="${facts.locale}"><meta charset="utf-8"><body style="white-space:pre-wrap">${escapeHtml(text)}</body></html>`
      : fillHtml(template.html, values)
  const { picture, ...rest } = message
  return { ...rest, ...(picture && html.includes(`cid:${picture.cid}`) && { picture }), subject, text, html }
}

/**
 * Makes a message that is ready for the outbox: in the language of `facts.locale`, every value cleaned and escaped.
 *
 * Asks the custom-message trigger, so it runs outside any transaction. Fails with `attribute-format` (field `email` or
 * `phone_number`) when the recipient is not one plain address, with `settings-refused` when a name that goes into a header
 * breaks a line, and with what the trigger refused with. An unusable answer of the trigger is reported and not used: a
 * person who waits for a code must not pay for it. Throws when facts are missing that the message cannot do without.
 */
export const composeMessage =
  ({ random, clock, triggers, onUnusableAnswer }: ComposeDeps) =>
  async (request: MessageToRender): Promise<Result<NewMessage>> => {
    const { pool, clientName, channel, purpose, to, expiresAt } = request
    if (channel === 'email' ? !isMailbox(to) : !isPhoneNumber(to)) {
      return fail('attribute-format', { field: channel === 'email' ? 'email' : 'phone_number' })
    }
    const poolName = pool.settings.displayName ?? pool.name
    const appName = clientName ?? poolName
    const { fromName, fromAddress } = pool.settings.messages
    if (![appName, poolName, fromName ?? '', fromAddress ?? ''].every(fitsHeader)) {
      return fail('settings-refused', {
        because: 'a name or sender of a message contains a line break or control character',
      })
    }

    const given = cleaned({ ...request.facts, appName, poolName })
    const facts = NOTICES.has(purpose) ? withoutSecrets(given) : given
    let message: RenderedMessage = channel === 'email' ? renderedMail(request, facts) : renderedSms(request, facts)

    const source = request.about?.source ?? SOURCES[purpose]
    if (triggers && request.about && source) {
      const answer = await triggers.customMessage({
        ...request.about,
        poolId: pool.id,
        locale: facts.locale,
        source,
        codeParameter: CODE_PLACEHOLDER,
        linkParameter: facts.link === undefined ? null : LINK_PARAMETER,
      })
      if (!answer.ok) return answer
      if (answer.value !== null) {
        const required: Required = { secret: true, username: purpose === 'invitation' }
        const problems: readonly string[] = templateProblems(answer.value, channel, required)
        const values: Substitutes = {
          secret: facts.code ?? facts.temporaryPassword ?? null,
          link: facts.link ?? null,
          username: facts.username ?? null,
        }
        const customised = problems.length === 0 ? withTemplate(message, answer.value, values, facts) : null
        if (customised) message = customised
        else onUnusableAnswer?.(pool.id, problems.length === 0 ? ['too-long'] : problems)
      }
    }

    const createdAt = clock.now()
    return ok({ id: random.uuidAt(createdAt), poolId: pool.id, purpose, message, createdAt, expiresAt })
  }
