import type { Locale } from '../shared/locales.ts'
import type { MailContent } from './mail-content.ts'
import { groupedCode } from './words.ts'

/** The text part: says everything the HTML part says, addresses written out. */
export const mailText = (content: MailContent, { locale, signature }: { locale: Locale; signature: string }): string =>
  [
    content.heading,
    content.intro,
    content.code && groupedCode(content.code, locale),
    content.details.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    content.remarks.join('\n'),
    content.action && `${content.action.label}:\n${content.action.href}`,
    content.further && `${content.further.label}\n${content.further.href}`,
    content.notYou,
    content.reason,
    // What follows "-- " is a signature: mail programs set it apart and leave it out of a reply (RFC 3676 §4.3).
    `-- \n${signature}`,
  ]
    .filter((part) => part !== null && part !== '')
    .join('\n\n')
    .concat('\n')
