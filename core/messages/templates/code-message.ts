import { durationIn, groupedCode, momentIn } from '../words.ts'
import type { MessageTemplate } from './template.ts'

type Section =
  | 'signUpCode'
  | 'recoveryCode'
  | 'verifyAccountCode'
  | 'secondFactorCode'
  | 'enrolFactorCode'
  | 'signInCode'
  | 'contactChangeCode'

/**
 * A message that proves an address: by a code to type, a link to open, or both. Throws when it has neither.
 * The code stands first in the subject, so that a notification shows it.
 */
export const codeMessage = (section: Section): MessageTemplate => ({
  mail: ({ facts, words, locale }) => {
    const { appName: app, code, link, minutes, at, place, device } = facts
    if (code === undefined && link === undefined) throw new Error(`a message of ${section} needs a code or a link`)
    const form = code === undefined ? 'Link' : link === undefined ? '' : 'Both'
    const lasts = ({ Link: 'common.linkLasts', Both: 'common.bothLast', '': 'common.codeLasts' } as const)[form]
    return {
      subject:
        code === undefined
          ? words(`${section}.subjectLink`, { app })
          : words(`${section}.subject`, { app, code: groupedCode(code, locale) }),
      preheader: words(`${section}.preheader`),
      heading: words(`${section}.heading`, { app }),
      intro: words(`${section}.intro${form}`),
      code: code ?? null,
      details: [
        ...(at === undefined ? [] : [{ label: words('common.when'), value: momentIn(locale, at) }]),
        ...(place === undefined ? [] : [{ label: words('common.where'), value: place }]),
        ...(device === undefined ? [] : [{ label: words('common.device'), value: device }]),
      ],
      remarks: [
        ...(minutes === undefined ? [] : [words(lasts, { duration: durationIn(locale, minutes) })]),
        ...(code === undefined ? [] : [words('common.keepSecret', { app })]),
      ],
      action: link === undefined ? null : { label: words(`${section}.action`), href: link },
      further: null,
      reason: words(`${section}.reason`, { app }),
      notYou: words(`${section}.notYou`),
    }
  },
  sms: ({ facts: { appName: app, code }, words }) => {
    if (code === undefined) throw new Error(`an SMS of ${section} needs a code`)
    return [words(`${section}.sms`, { app, code }), words(`${section}.smsShort`, { app, code })]
  },
})
