import { z } from 'zod'
import { ClientSettings } from '../clients/client-settings.ts'
import { ClientName } from '../clients/index.ts'
import { GroupName, GroupSettings } from '../groups/index.ts'
import { PoolName, ResourceServerSettings } from '../pools/index.ts'
import { PoolSettings } from '../pools/pool-settings.ts'
import { CLIENT_ID, POOL_ID } from '../shared/ids.ts'
import { ThemeSettings } from '../themes/index.ts'

/** Where a secret comes from: never from the file itself, which is kept in version control. */
export const SecretSource = z
  .strictObject(
    {
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
        .optional(),
      file: z.string().min(1).optional(),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type'
          ? 'is not written here: name its variable or file, { env: NAME } or { file: name }'
          : undefined,
    },
  )
  .refine(({ env, file }) => (env === undefined) !== (file === undefined), 'give either env or file')
export type SecretSource = z.infer<typeof SecretSource>

const FileName = z.strictObject({ file: z.string().min(1) })

/** Images are named by their files; what is kept is what the encoder makes of them. */
export const ThemeInFile = z.strictObject({
  settings: ThemeSettings.omit({ logo: true, logoDark: true, favicon: true }).prefault({}),
  css: FileName.optional(),
  logo: FileName.extend({ alt: z.string().trim().min(1).max(120) }).optional(),
  logoDark: FileName.extend({ alt: z.string().trim().min(1).max(120) }).optional(),
  favicon: FileName.optional(),
})
export type ThemeInFile = z.infer<typeof ThemeInFile>

const ClientInFile = z.strictObject({
  name: ClientName,
  id: z.string().regex(CLIENT_ID, 'must be 26 lower-case letters and digits').optional(),
  /** Absent: one is made and shown once. */
  secret: SecretSource.optional(),
  enabled: z.boolean().default(true),
  /** Says what `settings.saml` leaves out. */
  samlMetadata: FileName.optional(),
  settings: ClientSettings,
  theme: ThemeInFile.optional(),
})

/**
 * Settings as they are, or of a known provider; parsed against the pool, since that is what decides. `files` are named in the
 * place of settings, which then have their text: `metadataFile: name`, `ca: { file: name }`.
 */
const ProviderInFile = z
  .looseObject({ secret: SecretSource.optional(), metadataFile: z.string().min(1).optional() })
  .transform(({ secret, metadataFile, ...given }) => {
    const { ca, ...others } = given
    const named = FileName.safeParse(ca)
    const files: Partial<Record<'metadataXml' | 'ca', string>> = {
      ...(metadataFile === undefined ? {} : { metadataXml: metadataFile }),
      ...(named.success ? { ca: named.data.file } : {}),
    }
    return { secret, files, settings: named.success ? others : given }
  })

const UserInFile = z.strictObject({
  username: z.string().optional(),
  attributes: z
    .record(z.string(), z.union([z.string(), z.boolean()], 'text or true or false; numbers go in quotes'))
    .default({}),
  /** Set when the person is created and never again. A plain one is for demonstrations. */
  password: z.union([SecretSource, z.strictObject({ plain: z.string().min(1) })], 'give env, file or plain').optional(),
  temporary: z.boolean().default(false),
  groups: z.array(GroupName).default([]),
})

const PoolInFile = z.strictObject({
  name: PoolName,
  id: z.string().regex(POOL_ID, 'must look like eu-local-1_AbCdEfGhI').optional(),
  settings: PoolSettings.prefault({}),
  resourceServers: z.array(ResourceServerSettings).default([]),
  identityProviders: z.array(ProviderInFile).default([]),
  clients: z.array(ClientInFile).default([]),
  groups: z.array(z.strictObject({ name: GroupName, ...GroupSettings.shape })).default([]),
  users: z.array(UserInFile).default([]),
  theme: ThemeInFile.optional(),
})

/**
 * A whole installation, or part of one, as a file says it should be. What it names is made so; what it does not name is
 * left alone, unless pruning is asked for. A setting that is not written has its default.
 */
export const ConfigurationFile = z.strictObject({ pools: z.array(PoolInFile).min(1) })
export type ConfigurationFile = z.infer<typeof ConfigurationFile>
export type DeclaredPool = ConfigurationFile['pools'][number]
export type DeclaredProvider = DeclaredPool['identityProviders'][number]
export type DeclaredClient = DeclaredPool['clients'][number]
export type DeclaredUser = DeclaredPool['users'][number]
