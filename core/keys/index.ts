export type { KeyUse, PrivateJwk, SigningKey, SigningKeyStore } from './ports.ts'
