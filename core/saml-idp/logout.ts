/** How a client knows a person of one session: what its assertion said. */
export interface KnownAs {
  clientId: string
  nameId: string
  /** URN. */
  format: string
  sessionIndex: string
}

/** The session a client wants ended (SAML 2.0 Core §3.7.1). */
export interface LogoutNamed {
  nameId: string
  /** Empty: whichever it is. */
  sessionIndexes: readonly string[]
}

/**
 * Whether a logout request means the session that its browser has here: the person by the name we gave, and the session by its
 * index where one is named. One that means another session ends nothing.
 */
export const meansSession = ({ nameId, sessionIndexes }: LogoutNamed, known: KnownAs): boolean =>
  nameId === known.nameId && (sessionIndexes.length === 0 || sessionIndexes.includes(known.sessionIndex))
