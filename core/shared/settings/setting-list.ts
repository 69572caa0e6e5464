import { z } from 'zod'

/** One thing that can be set, as help pages show it and `--set` reads it. */
export interface Setting {
  /** `session.maxMinutes`; `*` stands for a name of one's own. */
  path: string
  kind: 'text' | 'number' | 'flag' | 'list' | 'object'
  /** What may be chosen, where that is a short list. */
  choices: readonly string[]
  fallback: unknown
}

interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  enum?: unknown[]
  default?: unknown
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

const kindOf = (schema: JsonSchema): Setting['kind'] => {
  const type = (schema.anyOf ?? schema.oneOf)?.map((each) => each.type).find((each) => each !== 'null') ?? schema.type
  if (type === 'number' || type === 'integer') return 'number'
  if (type === 'boolean') return 'flag'
  if (type === 'array') return 'list'
  return type === 'object' ? 'object' : 'text'
}

const walk = (schema: JsonSchema, path: string[], fallback: unknown): Setting[] => {
  const names = Object.entries(schema.properties ?? {})
  const given = schema.default ?? fallback
  if (names.length > 0) {
    return names.flatMap(([name, child]) =>
      walk(child, [...path, name], (given as Record<string, unknown> | undefined)?.[name]),
    )
  }
  if (typeof schema.additionalProperties === 'object')
    return walk(schema.additionalProperties, [...path, '*'], undefined)
  const allowed = [schema, schema.items, ...(schema.anyOf ?? [])].flatMap((each) => each?.enum ?? [])
  const choices = allowed.filter((each): each is string => typeof each === 'string')
  return [{ path: path.join('.'), kind: kindOf(schema), choices, fallback: given }]
}

const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

/** What a path leads to: a name, a name of one's own, or a place in a list. */
const below = (schema: JsonSchema | undefined, step: PropertyKey): JsonSchema | undefined => {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema ?? {}
  if (Object.hasOwn(properties, step)) return properties[String(step)]
  if (typeof additionalProperties === 'object') return additionalProperties
  return items ?? anyOf.map((each) => below(each, step)).find((found) => found !== undefined)
}

/** The names that may stand where a path leads to. */
export const namesAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const found = path.reduce<JsonSchema | undefined>(below, jsonSchemaOf(schema))
  return [found, ...(found?.anyOf ?? [])].flatMap((each) => Object.keys(each?.properties ?? {}))
}

/** All settings of a schema, in its order. Read from the schema itself, so that help cannot lag behind. */
export const settingsOf = (schema: z.ZodType): Setting[] => walk(jsonSchemaOf(schema), [], undefined)

/** The setting behind a path, own names allowed for `*`. A name of one's own may hold dots, but not a word that follows it. */
export const findSetting = (settings: readonly Setting[], path: string): Setting | null =>
  settings.find((setting) => new RegExp(`^${setting.path.split('*').map(literally).join('.+')}$`).test(path)) ?? null

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
