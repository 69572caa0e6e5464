import type { CDPSession, Page } from '@playwright/test'

/** The browser's own virtual authenticators (Chrome DevTools Protocol, domain WebAuthn): no dialog, no hardware. */

export interface VirtualAuthenticator {
  /** Credentials on it now. */
  count(): Promise<number>
  /** Whether the person is there and is who they should be; otherwise every ceremony is refused by the device. */
  answers(isWilling: boolean): Promise<void>
  /** Forgets everything. */
  clear(): Promise<void>
}

export interface VirtualTraits {
  transport?: 'internal' | 'usb'
  /** A key without PIN or fingerprint: touching it is all it knows. */
  verifies?: boolean
}

const sessions = new WeakMap<Page, Promise<CDPSession>>()

const sessionOf = (page: Page): Promise<CDPSession> => {
  const known = sessions.get(page)
  if (known !== undefined) return known
  const opened = page
    .context()
    .newCDPSession(page)
    .then(async (session) => {
      await session.send('WebAuthn.enable', { enableUI: false })
      return session
    })
  sessions.set(page, opened)
  return opened
}

export const addAuthenticator = async (
  page: Page,
  { transport = 'internal', verifies = true }: VirtualTraits = {},
): Promise<VirtualAuthenticator> => {
  const session = await sessionOf(page)
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  })
  return {
    async count() {
      return (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length
    },
    async answers(isWilling) {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: isWilling })
    },
    async clear() {
      await session.send('WebAuthn.clearCredentials', { authenticatorId })
    },
  }
}
