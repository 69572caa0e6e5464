import type { Pool } from '#core/pools/pool-settings.ts'
import type { User } from '#core/users/ports.ts'
import { type Command, type CommandInput, optionValue, wordAt } from '../command.ts'

/** A command in the pool that `--pool` names. */
export const inPool =
  (act: (input: CommandInput, pool: Pool) => ReturnType<Command['run']>): Command['run'] =>
  async (input) => {
    const pool = await input.admin.pools.find(optionValue(input, 'pool'))
    return pool.ok ? act(input, pool.value) : pool
  }

/** A command on the person its first word names. */
export const onUser = (
  act: (input: CommandInput, pool: Pool, user: User) => ReturnType<Command['run']>,
): Command['run'] =>
  inPool(async (input, pool) => {
    const user = await input.admin.users.find(pool, wordAt(input, 0, 'the user'))
    return user.ok ? act(input, pool, user.value) : user
  })
