import type { MessageFacts } from '../message.ts'
import { momentIn } from '../words.ts'
import type { MessageTemplate, TemplateInput } from './template.ts'

type Section =
  | 'factorAdded'
  | 'factorRemoved'
  | 'identityLinked'
  | 'identityUnlinked'
  | 'recoveryCodesMade'
  | 'contactChanged'
  | 'contactTaken'
  | 'exportReady'
  | 'deletionScheduled'
  | 'deletionCancelled'
  | 'deletionDone'

/** What the sentences of these messages may name; absent values are not in their words. */
const valuesOf = ({ facts: { appName: app, host, factor, provider, attribute, until }, locale }: TemplateInput) => ({
  app,
  host,
  factor: factor ?? 'other',
  ...(provider !== undefined && { provider }),
  attribute: attribute ?? 'email',
  until: until === undefined ? '' : momentIn(locale, until),
})

/**
 * Tells a person what became of their account, with when and from where.
 *
 * @param link the fact that the button leads to; null: there is nothing to do
 */
export const accountNotice = (
  section: Section,
  link: 'accountLink' | 'undoLink' | null = 'accountLink',
): MessageTemplate => ({
  mail: (input) => {
    const { facts, words, locale } = input
    const { username, at, place, device, contact }: MessageFacts = facts
    const values = valuesOf(input)
    const href = link === null ? undefined : facts[link]
    return {
      subject: words(`${section}.subject`, values),
      preheader: words(`${section}.preheader`, values),
      heading: words(`${section}.heading`, values),
      intro: words(`${section}.intro`, values),
      code: null,
      details: [
        ...(username === undefined ? [] : [{ label: words('common.account'), value: username }]),
        ...(contact === undefined ? [] : [{ label: words('common.newAddress'), value: contact }]),
        ...(at === undefined ? [] : [{ label: words('common.when'), value: momentIn(locale, at) }]),
        ...(place === undefined ? [] : [{ label: words('common.where'), value: place }]),
        ...(device === undefined ? [] : [{ label: words('common.device'), value: device }]),
      ],
      remarks: [],
      action: href === undefined ? null : { label: words(`${section}.action`, values), href },
      further: null,
      reason: words(`${section}.reason`, values),
      notYou: words(`${section}.notYou`, values),
    }
  },
  sms: (input) => [input.words(`${section}.sms`, valuesOf(input)), input.words(`${section}.smsShort`, valuesOf(input))],
})
