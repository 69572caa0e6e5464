import type { MessageTemplate } from './template.ts'

/** Goes to an address that somebody signed up with and that has an account: the page says the same as for a new one. */
export const accountExists: MessageTemplate = {
  mail: ({ facts: { appName: app, signInLink, recoveryLink }, words }) => ({
    subject: words('accountExists.subject', { app }),
    preheader: words('accountExists.preheader'),
    heading: words('accountExists.heading'),
    intro: words('accountExists.intro', { app }),
    code: null,
    details: [],
    remarks: [],
    action: signInLink === undefined ? null : { label: words('accountExists.action'), href: signInLink },
    further: recoveryLink === undefined ? null : { label: words('accountExists.forgot'), href: recoveryLink },
    reason: words('accountExists.reason', { app }),
    notYou: words('accountExists.notYou'),
  }),
  sms: ({ facts: { appName: app, host }, words }) => [
    words('accountExists.sms', { app, host }),
    words('accountExists.smsShort', { host }),
  ],
}
