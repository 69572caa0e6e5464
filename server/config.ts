import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { z } from 'zod'
import { LONGEST_JOURNEY_SECONDS } from '#core/flows/journey-life.ts'

const DEFAULT_ORIGIN = 'http://localhost:3000'
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

const seconds = (fallback: number, least = 1, most = 86_400) =>
  z.coerce.number().int().min(least).max(most).default(fallback)
const count = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback)
const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** `10.0.0.0/8`, `2001:db8::/32` or a single address. */
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/')
  const widest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return widest > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
}
const networks = z.string().refine(
  (list) =>
    list
      .split(',')
      .map((part) => part.trim())
      .every((part) => part === '' || isNetwork(part)),
  'must be addresses or networks like 10.0.0.0/8, separated by commas',
)

const isPlainAddress = (value: string): boolean => {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === ''
}

/** An address to which who signed in from where may be sent. */
const isOwnOrSecret = (value: string): boolean => {
  const url = URL.parse(value)
  if (url === null || url.username + url.password + url.hash !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname))
}

/** Every variable Portico reads. `.env.example` lists the same keys (a test compares them). */
export const ConfigSchema = z.object({
  /** Scheme, host and port people see. Links, issuers and cookies come from here, never from a request. */
  PUBLIC_ORIGIN: z
    .string()
    .refine(
      (value) => /^https?:/.test(value) && URL.parse(value)?.origin === value,
      'must be an origin: scheme, host and port, no path and no slash at the end',
    )
    .default(DEFAULT_ORIGIN),
  HOST: z.string().default('127.0.0.1'),
  PORT: count(3000, 0, 65_535),
  /** Health and metrics, apart from what people reach. */
  OPS_ADDR: z
    .string()
    .regex(/^(?:[\w.-]+|\[[0-9a-f:]+\]):\d{1,5}$/i, 'must be host:port')
    .default('127.0.0.1:9464'),
  PORTICO_MODE: z.enum(['development', 'production']).optional(),
  PORTICO_REGION: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must look like eu-local-1')
    .default('eu-local-1'),
  PORTICO_DATA_DIR: z.string().default('.portico'),
  /** 32 bytes or more, base64url; every other key is derived from it. */
  PORTICO_SECRET: z.string().min(43, 'must be at least 43 characters (32 bytes, base64url)').optional(),
  PORTICO_SECRET_PREVIOUS: z.string().min(43, 'must be at least 43 characters').optional(),
  /** Unset: Portico runs its own PostgreSQL in the data folder. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must start with postgresql://')
    .optional(),
  DATABASE_MAX_CONNECTIONS: count(10, 1, 200),
  /** How many proxies stand in front; their `X-Forwarded-For` is believed that far and no further. */
  TRUSTED_PROXY_HOPS: count(0, 0, 5),
  /** Networks the nearest proxy may have, comma-separated CIDR; empty: any peer, when hops are configured. */
  TRUSTED_PROXY_NETWORKS: networks.default(''),
  /** A City or Country file of MaxMind's format; unset: the countries that ship with the product. */
  PLACE_DATABASE: z.string().min(1).optional(),
  /** Networks that attacks come from, one a line. */
  BAD_NETWORKS_FILE: z.string().min(1).optional(),
  /** smtp://user:password@host:587 or smtps://… ; unset in development: the captured inbox. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .refine((value) => URL.parse(value)?.hostname, 'must name a host; user and password percent-encoded')
    .optional(),
  MAIL_FROM: z.string().default('Portico <no-reply@localhost>'),
  SMS_GATEWAY_URL: z.url().optional(),
  SMS_GATEWAY_TOKEN: z.string().optional(),
  /** Where ranges of leaked hashes are asked for: https://api.pwnedpasswords.com or a mirror. Unset: nowhere. */
  BREACH_RANGE_URL: z
    .string()
    .refine((value) => isPlainAddress(value), 'must be http or https, without user, query and fragment')
    .optional(),
  /** A sorted file of leaked hashes, `SHA1:COUNT` by line. */
  BREACH_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Events are kept so long; two years, as in Cognito. */
  AUTH_EVENT_DAYS: count(730, 1, 3650),
  /** Events as JSON lines, appended to this file. */
  EVENT_SINK_FILE: z.string().min(1).optional(),
  /** … and posted there. */
  EVENT_SINK_URL: z
    .string()
    .refine((value) => isOwnOrSecret(value), 'must be https, or on this machine; without user and fragment')
    .optional(),
  EVENT_SINK_TOKEN: z.string().min(1).optional(),
  /** Addresses in clients' settings may lead into private networks. Those of cloud metadata never do. */
  CALL_PRIVATE_NETWORKS: flag.default(false),
  FLOW_TTL_SECONDS: seconds(3600, 300, LONGEST_JOURNEY_SECONDS),
  HASH_CONCURRENCY: count(2, 1, 64),
  HASH_QUEUE: count(100, 1, 10_000),
  /** How long requests in flight may take after SIGTERM. */
  DRAIN_SECONDS: seconds(20, 1, 300),
  /** A demo pool, two clients and a demo user on an empty database. Default: in development only. */
  PORTICO_SEED_DEMO: flag.optional(),
  DEMO_PORT: count(3010, 0, 65_535),
})

type Parsed = z.infer<typeof ConfigSchema>

export interface Config extends Omit<Parsed, 'PORTICO_MODE' | 'PORTICO_SEED_DEMO'> {
  mode: 'development' | 'production'
  isSecure: boolean
  publicHost: string
  seedDemo: boolean
}

/** `EX_CONFIG` of sysexits: the process must not be restarted until someone has changed something. */
export const EXIT_CONFIG = 78

export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`configuration refused:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** `NAME_FILE` holds the path of a file with the value, for secrets that must not stand in the environment. */
const fromFiles = (environment: Environment, problems: string[]): Record<string, string> => {
  const values: Record<string, string> = {}
  for (const name of Object.keys(ConfigSchema.shape)) {
    const direct = environment[name]
    const file = environment[`${name}_FILE`]
    if (direct !== undefined && direct !== '' && file !== undefined)
      problems.push(`${name}: set both directly and by ${name}_FILE`)
    if (direct !== undefined && direct !== '') values[name] = direct
    else if (file !== undefined) {
      try {
        values[name] = readFileSync(file, 'utf8').trim()
      } catch {
        problems.push(`${name}_FILE: the file cannot be read`)
      }
    }
  }
  return values
}

/** Names of ours that nothing reads are mistakes: a misspelt setting must not be a silent default. */
const unknownNames = (environment: Environment): string[] =>
  Object.keys(environment)
    .filter(
      (name) => name.startsWith('PORTICO_') && !name.startsWith('PORTICO_TEST_') && !name.startsWith('PORTICO_PREVIEW'),
    )
    .filter((name) => !(name.replace(/_FILE$/, '') in ConfigSchema.shape))
    .map((name) => `${name}: nothing of that name is read`)

const modeOf = (given: string | undefined, origin: URL | null): Config['mode'] => {
  if (given === 'development' || given === 'production') return given
  return origin !== null && LOOPBACK_HOSTS.has(origin.hostname) ? 'development' : 'production'
}

/** What production demands beyond the form of each value. */
const unfitForProduction = (values: Readonly<Record<string, string>>, origin: URL | null): string[] => {
  const { PORTICO_SECRET, SMTP_URL, MAIL_FROM, SMS_GATEWAY_URL, BREACH_RANGE_URL, PORTICO_SEED_DEMO } = values
  const isOpenly = (address: string | undefined): boolean => {
    const url = address === undefined ? null : URL.parse(address)
    return url?.protocol === 'http:' && !LOOPBACK_HOSTS.has(url.hostname)
  }
  return [
    PORTICO_SECRET === undefined && 'PORTICO_SECRET: required in production (or PORTICO_SECRET_FILE)',
    origin?.protocol === 'http:' && 'PUBLIC_ORIGIN: must be https in production',
    SMTP_URL === undefined && 'SMTP_URL: required in production; captured mail is for development',
    SMTP_URL !== undefined &&
      (MAIL_FROM === undefined || /@localhost\b/.test(MAIL_FROM)) &&
      'MAIL_FROM: required in production, with an address of a domain that people can answer',
    isOpenly(SMS_GATEWAY_URL) && 'SMS_GATEWAY_URL: must be https in production, or on this machine',
    isOpenly(BREACH_RANGE_URL) && 'BREACH_RANGE_URL: must be https in production, or on this machine',
    PORTICO_SEED_DEMO === 'true' && 'PORTICO_SEED_DEMO: the demo pool is for development',
  ].filter((problem) => problem !== false)
}

/**
 * Reads the configuration, or throws a ConfigError that names every problem at once and prints no value.
 *
 * The only reader of the environment. Production is assumed unless PUBLIC_ORIGIN is a loopback address.
 */
export const readConfig = (environment: Environment = process.env): Config => {
  const problems: string[] = []
  const values = fromFiles(environment, problems)
  problems.push(...unknownNames(environment))
  const result = ConfigSchema.safeParse(values)
  if (!result.success) problems.push(...result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  // Of what was given, whether or not its form is right: one reading names everything.
  const origin = URL.parse(values.PUBLIC_ORIGIN ?? DEFAULT_ORIGIN)
  const mode = modeOf(values.PORTICO_MODE, origin)
  if (values.EVENT_SINK_TOKEN !== undefined && values.EVENT_SINK_URL === undefined)
    problems.push('EVENT_SINK_TOKEN: there is no EVENT_SINK_URL that it is for')
  if (mode === 'production') problems.push(...unfitForProduction(values, origin))
  if (!result.success || origin === null) throw new ConfigError(problems)
  if (problems.length > 0) throw new ConfigError(problems)
  const { PORTICO_MODE: _mode, PORTICO_SEED_DEMO: seedDemo, ...rest } = result.data
  return Object.freeze({
    ...rest,
    mode,
    isSecure: origin.protocol === 'https:',
    publicHost: origin.host,
    seedDemo: seedDemo ?? mode === 'development',
  })
}

/** A variable that a configuration file names as the source of a secret. */
export const environmentVariable = (name: string): string | undefined => process.env[name]
