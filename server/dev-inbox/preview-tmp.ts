import { createServer } from 'node:http'
import { systemRandom } from '#adapters/random/system-random.ts'
import { composeMessage, MESSAGE_PURPOSES } from '#core/messages/index.ts'
import { PoolSettings } from '#core/pools/pool-settings.ts'
import { memoryOutbox } from '#tests/support/memory/outbox.ts'
import { devInbox } from '../dev-inbox.ts'

let now = Date.parse('2030-01-01T12:00:00Z')
const c = composeMessage({ random: systemRandom, clock: { now: () => new Date(now) } })
const outbox = memoryOutbox()
for (const locale of ['en', 'de', 'ar'] as const)
  for (const purpose of MESSAGE_PURPOSES)
    for (const channel of ['email', 'sms'] as const) {
      now += 37_000
      if (channel === 'sms' && purpose.startsWith('v')) continue
      const r = await c({
        pool: { id: 'eu-local-1_abcdefghi', name: 'demo', settings: PoolSettings.parse({ displayName: 'Meridian' }) },
        clientName: 'Meridian Shop',
        channel,
        purpose,
        to:
          channel === 'email'
            ? purpose === 'recovery-code'
              ? 'maximiliana.hohenzollern-sigmaringen@mail.department.example.com'
              : 'ann@example.com'
            : '+4915112345678',
        expiresAt: new Date(now + 900000),
        facts: {
          host: 'localhost:4340',
          locale,
          minutes: purpose === 'invitation' ? 7 * 1440 : 15,
          ...(purpose.endsWith('-code') && {
            code: '123456',
            link: 'http://localhost:4340/eu-local-1_abcdefghi/confirmUser?token=PbTGrBoQqPTzGEc8sfNhn4n8ZxYqL0eN0Gq2k0b4aQk',
          }),
          username: 'ann',
          ...(purpose === 'invitation' && { temporaryPassword: 'Tr0ub4dor&3<x>' }),
          at: new Date(now),
          place: 'Zürich, CH',
          device: 'Firefox on Linux',
          recoveryLink: 'http://localhost:4340/r',
          signInLink: 'http://localhost:4340/l',
        },
      })
      if (r.ok) outbox.add(r.value)
    }
const h = devInbox({ outbox })
createServer((q, s) => void h(q, s)).listen(4341, '127.0.0.1')
