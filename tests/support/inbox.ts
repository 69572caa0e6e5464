import { expect } from '@playwright/test'

/** A message as the captured inbox gives it to tests. */
export interface Captured {
  id: string
  poolId: string
  purpose: string
  channel: 'email' | 'sms'
  subject?: string
  text: string
  html?: string
  to: string
  code: string | null
  links: string[]
}

export interface Inbox {
  /** All messages to somebody, newest first. */
  all(to: string): Promise<Captured[]>
  /** The newest message to somebody once there are `count` of them. */
  latest(to: string, count?: number): Promise<Captured>
}

export const inboxOf = (origin: string): Inbox => {
  const all = async (to: string): Promise<Captured[]> => {
    const answer = await fetch(`${origin}/dev/inbox.json?to=${encodeURIComponent(to)}`)
    return ((await answer.json()) as { messages: Captured[] }).messages
  }
  return {
    all,
    async latest(to, count = 1) {
      await expect
        .poll(async () => (await all(to)).length, { message: `messages to ${to}` })
        .toBeGreaterThanOrEqual(count)
      const [newest] = await all(to)
      if (newest === undefined) throw new Error(`no message to ${to}`)
      return newest
    },
  }
}

/** The code in a message; its absence is a failure of the test. */
export const codeIn = ({ code, text }: Captured): string => {
  if (code === null) throw new Error(`no code in: ${text}`)
  return code
}

export const linkIn = ({ links, text }: Captured, part: string): string => {
  const found = links.find((link) => link.includes(part))
  if (found === undefined) throw new Error(`no link with ${part} in: ${text}`)
  return found
}
