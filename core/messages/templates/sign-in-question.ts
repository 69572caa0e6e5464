import { durationIn, momentIn } from '../words.ts'
import type { MessageTemplate } from './template.ts'

/**
 * Asks the owner of an account about an unusual sign-in, completed or stopped: when, roughly where, with what. Its one
 * button lands on a page with a yes and a no. Throws without that link: there would be nothing to answer with.
 */
export const signInQuestion = (section: 'newSignIn' | 'blockedSignIn'): MessageTemplate => ({
  mail: ({ facts, words, locale }) => {
    const { appName: app, username, at, place, device, answerLink, recoveryLink, minutes } = facts
    if (answerLink === undefined) throw new Error(`a message of ${section} needs a link`)
    return {
      subject: words(`${section}.subject`, { app }),
      preheader: words(`${section}.preheader`),
      heading: words(`${section}.heading`),
      intro: words(`${section}.intro`, { app }),
      code: null,
      details: [
        ...(username === undefined ? [] : [{ label: words('common.account'), value: username }]),
        ...(at === undefined ? [] : [{ label: words('common.when'), value: momentIn(locale, at) }]),
        ...(place === undefined ? [] : [{ label: words('common.where'), value: place }]),
        ...(device === undefined ? [] : [{ label: words('common.device'), value: device }]),
      ],
      remarks: minutes === undefined ? [] : [words('common.linkLasts', { duration: durationIn(locale, minutes) })],
      action: { label: words(`${section}.action`), href: answerLink },
      further: recoveryLink === undefined ? null : { label: words(`${section}.newPassword`), href: recoveryLink },
      reason: words(`${section}.reason`),
      notYou: words(`${section}.notYou`),
    }
  },
  sms: ({ facts: { appName: app, host }, words }) => [
    words(`${section}.sms`, { app, host }),
    words(`${section}.smsShort`, { host }),
  ],
})
