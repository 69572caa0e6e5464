import { ok } from '#core/shared/result.ts'
import { type Command, type CommandInput, mustConfirm, optionValue, POOL, UsageError, wordAt, YES } from '../command.ts'
import { table } from '../show.ts'

const PUT = {
  ...POOL,
  name: { value: 'text', help: 'what people read' },
  scope: { value: 'name=description', help: 'a scope; may be given more than once', many: true },
}

const scopesOf = ({ lists }: CommandInput) =>
  (lists.scope ?? []).map((each) => {
    const at = each.indexOf('=')
    if (at < 1) throw new UsageError(`write a scope as name=description: ${each}`)
    return { name: each.slice(0, at), description: each.slice(at + 1) }
  })

/** Creating and setting are one act: a resource server is always written whole. */
const put = (name: 'create' | 'set'): Command => ({
  name: `resource-servers ${name}`,
  summary:
    name === 'create'
      ? 'make a resource server: an API with scopes'
      : 'change its name or scopes; what is not given stays',
  words: '<identifier>',
  options: PUT,
  examples: [
    `resource-servers ${name} https://api.example.com --pool Shop --name "Orders" --scope read="See orders" --scope write="Change orders"`,
  ],
  async run(input) {
    const identifier = wordAt(input, 0, 'the identifier')
    const pool = await input.admin.pools.find(optionValue(input, 'pool'))
    if (!pool.ok) return pool
    const present = (await input.admin.resourceServers.list(pool.value.id)).find(
      (server) => server.identifier === identifier,
    )
    if (name === 'create' && present !== undefined)
      return { ok: false, failure: { code: 'already-exists', field: 'identifier' } }
    if (name === 'set' && present === undefined) return { ok: false, failure: { code: 'resource-server-unknown' } }
    const settings = {
      identifier,
      name: input.values.name ?? present?.name ?? identifier,
      scopes: input.lists.scope === undefined ? (present?.scopes ?? []) : scopesOf(input),
    }
    const done = await input.admin.resourceServers.put({ poolId: pool.value.id, settings })
    if (!done.ok) return done
    return ok({
      json: done.value,
      lines: [
        `${identifier}: ${done.value.scopes.map((scope) => `${identifier}/${scope.name}`).join(', ') || 'no scopes'}`,
      ],
    })
  },
})

export const resourceServerCommands: readonly Command[] = [
  put('create'),
  put('set'),
  {
    name: 'resource-servers list',
    summary: 'resource servers of a pool and their scopes',
    options: POOL,
    examples: ['resource-servers list --pool Shop'],
    async run(input) {
      const pool = await input.admin.pools.find(optionValue(input, 'pool'))
      if (!pool.ok) return pool
      const servers = await input.admin.resourceServers.list(pool.value.id)
      const rows = servers.map(({ identifier, name, scopes }) => [identifier, name, scopes.map((scope) => scope.name)])
      return ok({ json: servers, lines: table(['IDENTIFIER', 'NAME', 'SCOPES'], rows) })
    },
  },
  {
    name: 'resource-servers show',
    summary: 'a resource server with the descriptions of its scopes',
    words: '<identifier>',
    options: POOL,
    examples: ['resource-servers show https://api.example.com --pool Shop'],
    async run(input) {
      const pool = await input.admin.pools.find(optionValue(input, 'pool'))
      if (!pool.ok) return pool
      const identifier = wordAt(input, 0, 'the identifier')
      const server = (await input.admin.resourceServers.list(pool.value.id)).find(
        (each) => each.identifier === identifier,
      )
      if (server === undefined) return { ok: false, failure: { code: 'resource-server-unknown' } }
      return ok({
        json: server,
        lines: [
          server.name,
          ...table(
            ['SCOPE', 'DESCRIPTION'],
            server.scopes.map((scope) => [`${identifier}/${scope.name}`, scope.description]),
          ),
        ],
      })
    },
  },
  {
    name: 'resource-servers delete',
    summary: 'delete a resource server; its scopes are granted no more',
    words: '<identifier>',
    options: { ...POOL, ...YES },
    examples: ['resource-servers delete https://api.example.com --pool Shop --yes'],
    async run(input) {
      const pool = await input.admin.pools.find(optionValue(input, 'pool'))
      if (!pool.ok) return pool
      const identifier = wordAt(input, 0, 'the identifier')
      mustConfirm(input, `the resource server ${identifier}`)
      const deleted = await input.admin.resourceServers.delete({ poolId: pool.value.id, identifier })
      return deleted.ok ? ok({ json: { deleted: identifier }, lines: [`deleted ${identifier}`] }) : deleted
    },
  },
]
