import type { CapturedMessage } from '#core/messages/ports.ts'

/** What people and tests look for in a message. */
export interface Excerpt {
  /** As it is typed, without a space. */
  code: string | null
  links: string[]
}

const CODE = /(?<![\d\w@/#=-])(\d{3})[ \u00a0]?(\d{3})(?![\d\w])/
const LINK = /https?:\/\/[^\s<>"]+/g

/** Read from the text alone: what HTML shows, text says too. A number in an address is no code. */
export const excerptOf = ({ message }: Pick<CapturedMessage, 'message'>): Excerpt => {
  const words = `${message.channel === 'email' ? message.subject : ''}\n${message.text}`.replace(LINK, ' ')
  const code = CODE.exec(words)
  return { code: code ? `${code[1]}${code[2]}` : null, links: message.text.match(LINK) ?? [] }
}
