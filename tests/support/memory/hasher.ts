import type { PasswordHasher } from '#core/users/ports.ts'

export interface PlainHasher extends PasswordHasher {
  /** How many hashes were computed: what an attacker would measure. */
  spent(): number
}

/** Hashes that cost nothing and still hide the password from a careless eye. `version` plays the parameters. */
export const plainHasher = ({ version = 1 }: { version?: number } = {}): PlainHasher => {
  let spent = 0
  const encode = (password: string): string => Buffer.from(password).toString('base64url')
  return {
    async hash(password) {
      spent++
      return `plain$${version}$${spent}$${encode(password)}`
    },
    async verify(password, hash) {
      spent++
      return hash?.split('$')[3] === encode(password) && hash !== null
    },
    isOutdated: (hash) => hash.split('$')[1] !== String(version),
    spent: () => spent,
  }
}
