import type { MailContent } from '../mail-content.ts'
import { momentIn } from '../words.ts'
import type { MessageTemplate, TemplateInput } from './template.ts'

type Key = 'factorsReset' | 'setUpFactor' | 'recoveryCodeUsed' | 'factorRecovery'

const details = ({ facts: { username, at, place, device }, words, locale }: TemplateInput): MailContent['details'] => [
  ...(username === undefined ? [] : [{ label: words('common.account'), value: username }]),
  ...(at === undefined ? [] : [{ label: words('common.when'), value: momentIn(locale, at) }]),
  ...(place === undefined ? [] : [{ label: words('common.where'), value: place }]),
  ...(device === undefined ? [] : [{ label: words('common.device'), value: device }]),
]

/**
 * Notice about the second step of a sign-in. Its button leads to a new password, for who was it not; that of a recovery that
 * waits stops it, by a link that does nothing else and proves nothing.
 */
export const factorNotice = (key: Key): MessageTemplate => ({
  mail(input) {
    const { facts, words, locale } = input
    const { appName: app, left = 0, until, link, recoveryLink, signInLink } = facts
    const params = { app, left: String(left), until: until === undefined ? '' : momentIn(locale, until) }
    const href = {
      factorRecovery: link,
      setUpFactor: signInLink,
      factorsReset: recoveryLink,
      recoveryCodeUsed: recoveryLink,
    }[key]
    return {
      subject: words(`${key}.subject`, params),
      preheader: words(`${key}.preheader`, params),
      heading: words(`${key}.heading`, params),
      intro: words(`${key}.intro`, params),
      code: null,
      details: details(input),
      remarks: [],
      action: href === undefined ? null : { label: words(`${key}.action`), href },
      further: null,
      reason: words(`${key}.reason`),
      notYou: words(`${key}.notYou`),
    }
  },
  sms: ({ facts: { appName: app, host, link = '' }, words }) => [
    words(`${key}.sms`, { app, host, link }),
    words(`${key}.smsShort`, { host, link }),
  ],
})
