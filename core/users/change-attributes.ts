import type { Result } from '../shared/result.ts'
import { type AdministerUserPorts, eventBy, mustFind, type OnUser } from './administer-user.ts'
import { attributeChanges, type GivenAttributes } from './attributes.ts'
import { namesOfUser } from './names.ts'
import type { User } from './ports.ts'

/** Attributes as they are once the changes are merged. */
const merged = (current: User['attributes'], changes: GivenAttributes): User['attributes'] =>
  Object.fromEntries(
    Object.entries({ ...current, ...changes }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value] as const],
    ),
  )

/**
 * An administrator changes attributes; null removes. Names that come from attributes follow. Fails with `user-missing`,
 * `attribute-unknown`, `attribute-format`, `attribute-immutable`, `attribute-missing`, or `name-taken` when the new
 * address is someone else's name.
 */
export const changeAttributes =
  (ports: AdministerUserPorts) =>
  async (input: OnUser & { attributes: GivenAttributes }): Promise<Result<User>> => {
    const { pool, sub, attributes } = input
    const found = await mustFind(ports, input)
    if (!found.ok) return found
    const { user } = found.value
    const changes = attributeChanges(pool.settings, user.attributes, attributes, { kind: 'administrator' })
    if (!changes.ok) return changes
    const names = namesOfUser(pool, user.username, merged(user.attributes, changes.value))
    if (!names.ok) return names
    return ports.writer.update(
      pool.id,
      sub,
      { attributes: changes.value, names: names.value, at: ports.clock.now() },
      eventBy(ports, input, 'user.updated', 'change-attributes'),
    )
  }
