import type { MessageTemplate } from './template.ts'

/** Others know this person's password. Never says from which breach: that would tell where else they have an account. */
export const passwordExposed: MessageTemplate = {
  mail: ({ facts: { appName: app, username, recoveryLink }, words }) => ({
    subject: words('passwordExposed.subject', { app }),
    preheader: words('passwordExposed.preheader'),
    heading: words('passwordExposed.heading'),
    intro: words('passwordExposed.intro', { app }),
    code: null,
    details: username === undefined ? [] : [{ label: words('common.account'), value: username }],
    remarks: [],
    action: recoveryLink === undefined ? null : { label: words('passwordExposed.action'), href: recoveryLink },
    further: null,
    reason: words('passwordExposed.reason'),
    notYou: words('passwordExposed.notYou'),
  }),
  sms: ({ facts: { appName: app, host }, words }) => [
    words('passwordExposed.sms', { app, host }),
    words('passwordExposed.smsShort', { host }),
  ],
}
