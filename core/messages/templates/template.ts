import type { Locale } from '../../shared/locales.ts'
import type { MailContent } from '../mail-content.ts'
import type { MessageFacts } from '../message.ts'
import type { Words } from '../words.ts'

/** Facts whose text was cleaned of controls. */
export interface TemplateInput {
  facts: MessageFacts
  words: Words
  locale: Locale
}

/** One message in both its forms. `sms` is ordered from the fullest to the shortest wording; the first that fits is sent. */
export interface MessageTemplate {
  mail(input: TemplateInput): MailContent
  sms(input: TemplateInput): readonly string[]
}
