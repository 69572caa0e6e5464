import type { CommonPasswords } from '#core/passwords/ports.ts'

/**
 * Some 49,000 passwords from public leaks, by frequency, as zxcvbn-ts ships them (MIT). Read on first use: 20 ms and 4 MB
 * that a process which sees no password never spends.
 */
export const commonPasswords = (): CommonPasswords => {
  let loading: Promise<ReadonlySet<string>> | null = null
  const read = async (): Promise<ReadonlySet<string>> => {
    const { dictionary } = await import('@zxcvbn-ts/language-common')
    return new Set(dictionary['passwords-common'].map((word) => word.normalize('NFKC').toLowerCase()))
  }
  return {
    load: () => {
      loading ??= read()
      return loading
    },
  }
}
