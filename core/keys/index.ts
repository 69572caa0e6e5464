export type {
  KeyUse,
  PairwiseSecrets,
  PrivateJwk,
  SamlKey,
  SamlKeyMaker,
  SamlKeys,
  SamlKeyUse,
  SigningKey,
  SigningKeyMaker,
  SigningKeyStore,
} from './ports.ts'
