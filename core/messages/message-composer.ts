import type { AppClient } from '../clients/client-settings.ts'
import type { Pool } from '../pools/pool-settings.ts'
import type { PoolLinks } from '../pools/ports.ts'
import type { composeMessage } from './compose.ts'
import type { MessageFacts } from './message.ts'
import type { MessageComposer } from './ports.ts'

export interface MessageComposerDeps {
  compose: ReturnType<typeof composeMessage>
  links: PoolLinks
  /** Bar of a mail; the theme's in force for this app. */
  brandOf?: (pool: Pool, client: AppClient | null) => Promise<MessageFacts['brand']>
}

/** Where a person begins at the app: the address it names for that, else the front page of its first web callback. */
const appAddress = ({ settings: { initiateLoginUrl, callbackUrls } }: AppClient): string | undefined => {
  if (initiateLoginUrl !== undefined) return initiateLoginUrl
  const callback = callbackUrls.find((url) => /^https?:\/\//.test(url))
  return callback && new URL('/', callback).href
}

/**
 * The pool's own page for a new password. It leads back to the app without a `state`, as Cognito's does; an app that has to
 * begin every journey itself (PKCE) is entered by its own door.
 */
const recoveryAddress = (base: string, client: AppClient): string | undefined => {
  const { type, pkce, callbackUrls } = client.settings
  const [callback] = callbackUrls
  if (type !== 'confidential' || pkce === 'required' || callback === undefined) return appAddress(client)
  return `${base}/forgotPassword?${new URLSearchParams({ client_id: client.id, redirect_uri: callback })}`
}

/** Messages as journeys and administrators ask for them: knows app, colours and the addresses that a notice needs; the rest is `composeMessage`. */
export const messageComposer = ({ compose, links, brandOf }: MessageComposerDeps): MessageComposer => ({
  async compose({ pool, client, purpose, to, locale, eventId, user, facts, expiresAt, source }) {
    const base = links.base(pool.id)
    const signInLink = client === null ? undefined : appAddress(client)
    const recoveryLink = client === null ? undefined : recoveryAddress(base, client)
    const brand = await brandOf?.(pool, client)
    return compose({
      pool,
      clientName: client === null ? null : (client.settings.displayName ?? client.name),
      channel: to.channel,
      purpose,
      to: to.address,
      facts: {
        accountLink: `${base}/account`,
        ...(signInLink !== undefined && { signInLink }),
        ...(recoveryLink !== undefined && { recoveryLink }),
        // Where people sign in with an address the username is an id that nobody knows.
        ...(user && { username: user.username === user.sub ? to.address : user.username }),
        ...facts,
        host: new URL(base).host,
        locale,
        ...(brand && { brand }),
      },
      expiresAt,
      about: {
        clientId: client?.id ?? null,
        eventId,
        username: user?.username ?? to.address,
        attributes: user?.attributes ?? {},
        clientMetadata: {},
        ...(source && { source }),
      },
    })
  },
})
