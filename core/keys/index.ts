export type { KeyUse, PrivateJwk, SigningKey, SigningKeyMaker, SigningKeyStore } from './ports.ts'
