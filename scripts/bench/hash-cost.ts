import { hash } from '@node-rs/argon2'

/** OWASP's argon2id parameters, as Portico's default. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const TIMES = 40

/** CPU milliseconds of one password hash on this machine, measured apart, so that it can be taken off a sign-in. */
export const hashCpuMs = async (): Promise<number> => {
  await hash('a password of ordinary length', PARAMETERS)
  const before = process.cpuUsage()
  for (let n = 0; n < TIMES; n++) await hash('a password of ordinary length', PARAMETERS)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / TIMES
}
