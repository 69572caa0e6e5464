import type { MessageTemplate } from './template.ts'

/** Goes where a reset code would have gone, had it not been the only second factor's place too (attack 52). Holds no code. */
export const cannotReset: MessageTemplate = {
  mail: ({ facts: { appName: app, owner, username }, words }) => ({
    subject: words('cannotReset.subject', { app }),
    preheader: words('cannotReset.preheader'),
    heading: words('cannotReset.heading'),
    intro: words('cannotReset.intro', { app }),
    code: null,
    details: username === undefined ? [] : [{ label: words('common.account'), value: username }],
    remarks: [words('cannotReset.ask', { owner: owner ?? words('cannotReset.askOwner', { app }) })],
    action: null,
    further: null,
    reason: words('cannotReset.reason', { app }),
    notYou: words('cannotReset.notYou'),
  }),
  sms: ({ facts: { appName: app }, words }) => [words('cannotReset.sms', { app }), words('cannotReset.smsShort')],
}
