import { ok } from '#core/shared/result.ts'
import { type Command, mustConfirm, noMoreWords, optionValue, POOL, wordAt, YES } from '../command.ts'
import { details, table } from '../show.ts'
import { onUser } from './on-user.ts'

const WORDS = '<user> <provider> <subject>'

/** Who people are at identity providers. */
export const userIdentityCommands: readonly Command[] = [
  {
    name: 'users identities list',
    summary: 'who a person is at identity providers',
    words: '<user>',
    options: POOL,
    examples: ['users identities list ann@example.com --pool Shop'],
    run: onUser(async ({ admin }, pool, { sub }) => {
      const identities = await admin.users.identities(pool.id, sub)
      const rows = identities.map(({ provider, subject, isPrimary, linkedAt, lastSignInAt }) => [
        provider,
        subject,
        isPrimary ? 'made the profile' : 'connected',
        linkedAt,
        lastSignInAt,
      ])
      return ok({
        json: { sub, identities },
        lines:
          rows.length === 0 ? ['no identities'] : table(['PROVIDER', 'SUBJECT', 'HOW', 'SINCE', 'LAST SIGN-IN'], rows),
      })
    }),
  },
  {
    name: 'users identities show',
    summary: 'what a provider said of a person at their last sign-in',
    words: WORDS,
    notes: ['These claims are what attributeMapping and groupRules read.'],
    options: POOL,
    examples: ['users identities show ann@example.com Corp 248289761001 --pool Shop'],
    run: onUser(async (input, pool, { sub }) => {
      const [provider, subject] = [wordAt(input, 1, 'the provider'), wordAt(input, 2, 'the subject')]
      const record = await input.admin.users.upstreamRecord({ pool, sub, provider, subject })
      if (!record.ok) return record
      return ok({
        json: record.value,
        lines: record.value === null ? ['never signed in'] : details(record.value),
      })
    }),
  },
  {
    name: 'users identities token',
    summary: 'print an access token of a provider for a person, renewed where it has run out',
    words: '<user>',
    notes: [
      'Kept where the provider’s settings say keepsTokens=true, from the next sign-in on. The token alone is printed; --json says until',
      'when it lasts. Of several identities at one provider the one that signed in last counts.',
    ],
    options: { ...POOL, provider: { value: 'name', help: 'the identity provider' } },
    examples: ['users identities token ann@example.com --provider Corp --pool Shop'],
    run: onUser(async (input, pool, { sub }) => {
      noMoreWords(input, 1)
      const provider = await input.admin.providers.find(pool.id, optionValue(input, 'provider'))
      if (!provider.ok) return provider
      const token = await input.admin.users.upstreamToken({ poolId: pool.id, sub, provider: provider.value.name })
      if (!token.ok) return token
      const { expiresAt, ...said } = token.value
      return ok({
        json: { sub, ...said, expiresAt: expiresAt === null ? null : new Date(expiresAt) },
        lines: [said.accessToken],
      })
    }),
  },
  {
    name: 'users identities link',
    summary: 'connect an identity that has not signed in yet to an account',
    words: WORDS,
    notes: ['The subject is what the provider never changes: sub, NameID. Be sure that it is the same person.'],
    options: POOL,
    examples: ['users identities link ann@example.com Corp 248289761001 --pool Shop'],
    run: onUser(async (input, pool, { sub }) => {
      const [provider, subject] = [wordAt(input, 1, 'the provider'), wordAt(input, 2, 'the subject')]
      const linked = await input.admin.users.linkIdentity({ pool, sub, provider, subject })
      return linked.ok
        ? ok({ json: { sub, ...linked.value }, lines: [`${provider} ${subject} signs in as ${sub}`] })
        : linked
    }),
  },
  {
    name: 'users identities unlink',
    summary: 'take an identity from an account and end its sessions',
    words: WORDS,
    notes: ['The next sign-in by it makes a profile of its own.'],
    options: { ...POOL, ...YES },
    examples: ['users identities unlink ann@example.com Corp 248289761001 --pool Shop --yes'],
    run: onUser(async (input, pool, { sub }) => {
      const [provider, subject] = [wordAt(input, 1, 'the provider'), wordAt(input, 2, 'the subject')]
      mustConfirm(input, `the identity ${subject} at ${provider}`)
      const unlinked = await input.admin.users.unlinkIdentity({ pool, sub, provider, subject })
      if (!unlinked.ok) return unlinked
      const { wasLastWayIn } = unlinked.value
      return ok({
        json: { sub, provider, subject, wasLastWayIn },
        lines: [
          `${provider} ${subject} is disconnected from ${sub}, who is signed out everywhere`,
          ...(wasLastWayIn
            ? ['It was their last way in: they have no password, no passkey and no other identity.']
            : []),
        ],
      })
    }),
  },
]
