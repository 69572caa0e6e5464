import type { CustomMessageAnswer } from '../triggers/ports.ts'
import { escapeHtml, fitsHeader } from './safe-values.ts'

/** Cognito's: the code, or the temporary password of an invitation. */
export const CODE_PLACEHOLDER = '{####}'
export const USERNAME_PLACEHOLDER = '{username}'
/** `{##Verify Email##}`: a link of that text. */
const LINK_PLACEHOLDER = /\{##([^#{}]{1,100})##\}/g
/** What the custom-message trigger is given for a link. */
export const LINK_PARAMETER = '{##Click Here##}'

/** Cognito's limits, in characters; the two of an e-mail before substitution, the one of an SMS after. */
export const MAX_MAIL_LENGTH = 20_000
export const MAX_SUBJECT_LENGTH = 140
export const MAX_SMS_LENGTH = 140

/** What goes in. A secret is a code or a temporary password. */
export interface Substitutes {
  secret: string | null
  link: string | null
  username: string | null
}

/** Subject and bodies as an operator or a trigger wrote them; null: the product's own. */
export type OperatorTemplate = CustomMessageAnswer

export type TemplateProblem =
  | 'too-long'
  | 'subject-breaks-line'
  | 'code-placeholder-missing'
  | 'username-placeholder-missing'

/** What a message of this purpose has to hold, to be of any use to its reader. */
export interface Required {
  secret: boolean
  username: boolean
}

const holdsSecret = (body: string): boolean => body.includes(CODE_PLACEHOLDER) || body.match(LINK_PLACEHOLDER) !== null

/**
 * What keeps a template from being used: each body has to hold the code or a link, and in an invitation the name.
 * @see Cognito "Custom message Lambda trigger", "Configuring verification and invitation messages"
 */
export const templateProblems = (
  { subject, text, html }: OperatorTemplate,
  channel: 'email' | 'sms',
  required: Required,
): readonly TemplateProblem[] => {
  const problems = new Set<TemplateProblem>()
  if (subject !== null && subject.length > MAX_SUBJECT_LENGTH) problems.add('too-long')
  if (subject !== null && !fitsHeader(subject)) problems.add('subject-breaks-line')
  const bodies = [text, channel === 'email' ? html : null].filter((body) => body !== null)
  for (const body of bodies) {
    if (body.length > (channel === 'email' ? MAX_MAIL_LENGTH : MAX_SMS_LENGTH)) problems.add('too-long')
    if (required.secret && !(channel === 'email' ? holdsSecret(body) : body.includes(CODE_PLACEHOLDER))) {
      problems.add('code-placeholder-missing')
    }
    if (required.username && !body.includes(USERNAME_PLACEHOLDER)) problems.add('username-placeholder-missing')
  }
  return [...problems]
}

/** One pass over the template: what a value contains is never read as a placeholder again. */
const PLACEHOLDERS = /\{####\}|\{username\}|\{##([^#{}]{1,100})##\}/g

const substituted = (
  template: string,
  { secret, link, username }: Substitutes,
  show: { value(value: string): string; link(label: string, href: string): string },
): string =>
  template.replace(PLACEHOLDERS, (placeholder, label: string | undefined) => {
    if (label !== undefined) return link === null ? placeholder : show.link(label, link)
    const value = placeholder === CODE_PLACEHOLDER ? secret : username
    return value === null ? placeholder : show.value(value)
  })

/** For text parts, subjects and SMS. A link becomes its text and address. */
export const fillText = (template: string, values: Substitutes): string =>
  substituted(template, values, { value: (value) => value, link: (label, href) => `${label}: ${href}` })

/** For HTML parts: the operator's markup stands as it is, every value is escaped. */
export const fillHtml = (template: string, values: Substitutes): string =>
  substituted(template, values, {
    value: escapeHtml,
    link: (label, href) => `<a href="${escapeHtml(href)}">${escapeHtml(label)}</a>`,
  })
