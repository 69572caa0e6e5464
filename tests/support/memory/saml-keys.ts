import { randomBytes } from 'node:crypto'
import type { PairwiseSecrets, SamlKey, SamlKeys } from '#core/keys/ports.ts'
import { selfSigned } from '../saml/self-signed.ts'

export const memorySamlKeys = (): SamlKeys => {
  const kept = new Map<string, SamlKey>()
  return {
    async of(poolId, use) {
      const key = `${poolId}|${use}`
      const found = kept.get(key) ?? selfSigned(key)
      kept.set(key, found)
      return found
    },
  }
}

export const memoryPairwiseSecrets = (): PairwiseSecrets => {
  const kept = new Map<string, string>()
  return {
    async of(poolId) {
      const found = kept.get(poolId) ?? randomBytes(32).toString('base64url')
      kept.set(poolId, found)
      return found
    },
  }
}
