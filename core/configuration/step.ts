import type { Administration } from '../administration/index.ts'
import type { Result } from '../shared/result.ts'
import type { ThemeKeeper } from '../themes/index.ts'
import type { Difference } from './differences.ts'
import type { Materials } from './ports.ts'

/** Something that is, or would be, made so. */
export interface Change {
  kind: 'create' | 'update' | 'delete' | 'unchanged'
  what:
    | 'pool'
    | 'resource server'
    | 'identity provider'
    | 'client'
    | 'client secret'
    | 'group'
    | 'user'
    | 'membership'
    | 'theme'
  pool: string
  name: string
  differences: readonly Difference[]
}

/** What came of it and must be seen now or never. */
export interface ShownOnce {
  clientId: string
  secret: string
}

export interface Step {
  change: Change
  act: (() => Promise<Result<ShownOnce | null>>) | null
}

export interface ApplyPorts {
  admin: Administration
  materials: Materials
  themes: ThemeKeeper
}

/** A pool that exists, or will once its own step has been taken. */
export interface PoolHandle {
  name: string
  /** Null until it is created. */
  id: string | null
}

/** For use inside acts, which run after the pool's own. */
export const idOf = ({ id, name }: PoolHandle): string => {
  if (id === null) throw new Error(`the pool ${name} is used before it is made`)
  return id
}

/** Acts whose value nobody needs to see. */
export const quietly = async (act: Promise<Result<unknown>>): Promise<Result<null>> => {
  const done = await act
  return done.ok ? { ok: true, value: null } : done
}
