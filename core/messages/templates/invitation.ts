import { durationIn } from '../words.ts'
import type { MessageTemplate, TemplateInput } from './template.ts'

const credentials = ({ facts: { username, temporaryPassword } }: TemplateInput) => {
  if (username === undefined || temporaryPassword === undefined) {
    throw new Error('an invitation needs a username and a temporary password')
  }
  return { username, temporaryPassword }
}

/** Account made by an administrator: name and temporary password, to be replaced at the first sign-in. */
export const invitation: MessageTemplate = {
  mail: (input) => {
    const { facts, words, locale } = input
    const { username, temporaryPassword } = credentials(input)
    const { appName: app, poolName: pool, minutes, signInLink } = facts
    return {
      subject: words('invitation.subject', { app }),
      preheader: words('invitation.preheader'),
      heading: words('invitation.heading'),
      intro: words('invitation.intro', { app }),
      code: null,
      details: [
        { label: words('invitation.username'), value: username, isSecret: true },
        { label: words('invitation.temporaryPassword'), value: temporaryPassword, isSecret: true },
      ],
      remarks: minutes === undefined ? [] : [words('invitation.lasts', { duration: durationIn(locale, minutes) })],
      action: signInLink === undefined ? null : { label: words('invitation.action'), href: signInLink },
      further: null,
      reason: words('invitation.reason', { pool }),
      notYou: words('invitation.notYou'),
    }
  },
  sms: (input) => {
    const { appName: app, host } = input.facts
    const values = { ...credentials(input), host }
    return [input.words('invitation.sms', { app, ...values }), input.words('invitation.smsShort', values)]
  },
}
