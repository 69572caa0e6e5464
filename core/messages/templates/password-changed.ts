import { momentIn } from '../words.ts'
import type { MessageTemplate } from './template.ts'

/** Notice after the fact: says when and from where, and what to do if it was somebody else. */
export const passwordChanged: MessageTemplate = {
  mail: ({ facts: { appName: app, username, at, place, device, recoveryLink }, words, locale }) => ({
    subject: words('passwordChanged.subject', { app }),
    preheader: words('passwordChanged.preheader'),
    heading: words('passwordChanged.heading'),
    intro: words('passwordChanged.intro', { app }),
    code: null,
    details: [
      ...(username === undefined ? [] : [{ label: words('common.account'), value: username }]),
      ...(at === undefined ? [] : [{ label: words('common.when'), value: momentIn(locale, at) }]),
      ...(place === undefined ? [] : [{ label: words('common.where'), value: place }]),
      ...(device === undefined ? [] : [{ label: words('common.device'), value: device }]),
    ],
    remarks: [],
    action: recoveryLink === undefined ? null : { label: words('passwordChanged.action'), href: recoveryLink },
    further: null,
    reason: words('passwordChanged.reason'),
    notYou: words('passwordChanged.notYou'),
  }),
  sms: ({ facts: { appName: app, host }, words }) => [
    words('passwordChanged.sms', { app, host }),
    words('passwordChanged.smsShort', { host }),
  ],
}
