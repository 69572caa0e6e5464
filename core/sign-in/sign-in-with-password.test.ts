import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { PoolSettingsInput } from '#core/pools/pool-settings.ts'
import { noTriggers, type Triggers } from '#core/triggers/index.ts'
import { aNewUser, aPassword, aPool, NOON, secondsLater } from '#tests/support/builders.ts'
import { memoryBreaches } from '#tests/support/memory/breaches.ts'
import { memoryBudgets } from '#tests/support/memory/budgets.ts'
import { plainHasher } from '#tests/support/memory/hasher.ts'
import { memoryRiskCounters } from '#tests/support/memory/risk.ts'
import { memoryUsers } from '#tests/support/memory/users.ts'
import { signInWithPassword } from './sign-in-with-password.ts'

const PASSWORD = 'correct-horse-staple'

interface Options {
  user?: Parameters<typeof aNewUser>[2]
  pool?: PoolSettingsInput
  triggers?: Partial<Triggers>
  hasher?: ReturnType<typeof plainHasher>
}

const setUp = async ({ user = {}, pool: settings = {}, triggers = {}, hasher = plainHasher() }: Options = {}) => {
  let now = NOON
  const pool = aPool({ settings })
  const users = memoryUsers()
  const hash = await plainHasher().hash(PASSWORD)
  const person = aNewUser(pool.id, ['ann@example.com', '+4930123456', 'ann'], { password: aPassword(hash), ...user })
  await users.create(person, { events: [] })
  const signIn = signInWithPassword({
    users,
    writer: users,
    passwords: hasher,
    compromised: memoryBreaches(),
    attempts: memoryBudgets(),
    riskCounters: memoryRiskCounters(),
    triggers: { ...noTriggers, ...triggers },
    clock: { now: () => now },
    random: systemRandom,
  })
  const as = (login: string, password: string, ip: string | null = '203.0.113.7') =>
    signIn({
      pool,
      clientId: 'shop',
      eventId: 'event',
      locale: 'en',
      login,
      password,
      context: { requestId: 'r', ip, userAgent: null },
    })
  /** What came of it: the failure's code, or what is next. */
  const outcome = async (...attempt: Parameters<typeof as>) => {
    const result = await as(...attempt)
    return result.ok ? result.value.kind : result.failure.code
  }
  return {
    as,
    outcome,
    hasher,
    users,
    pool,
    sub: person.user.sub,
    wait(seconds: number) {
      now = secondsLater(seconds)
    },
  }
}

describe('signing in with a password', () => {
  it('tells unknown, wrong and disabled apart: hiding that is the face’s business', async () => {
    const { outcome } = await setUp()
    assert.equal(await outcome('nobody@example.com', PASSWORD), 'user-unknown')
    assert.equal(await outcome('ann@example.com', 'wrong'), 'wrong-credentials')
    const disabled = await setUp({ user: { enabled: false } })
    assert.equal(await disabled.outcome('ann@example.com', PASSWORD), 'user-disabled')
    assert.equal(await disabled.outcome('ann@example.com', 'wrong'), 'wrong-credentials')
  })

  it('hashes once for everybody: unknown, locked, disabled, without a password, and for no name at all', async () => {
    const { outcome, hasher } = await setUp()
    for (const login of ['nobody@example.com', 'ann@example.com', 'not a name', '']) {
      const before = hasher.spent()
      await outcome(login, 'wrong')
      assert.equal(hasher.spent() - before, 1, login)
    }
    for (let n = 0; n < 6; n++) await outcome('ann@example.com', 'wrong')
    const before = hasher.spent()
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
    assert.equal(hasher.spent() - before, 1)
    const external = await setUp({ user: { password: null } })
    assert.equal(await external.outcome('ann@example.com', ''), 'user-unknown')
    assert.equal(external.hasher.spent(), 1)
  })

  it('takes no password that nobody can have set, and hashes none of it', async () => {
    const { outcome, hasher } = await setUp()
    assert.equal(await outcome('ann@example.com', 'x'.repeat(1e6)), 'wrong-credentials')
    assert.equal(hasher.spent(), 1)
  })

  it('knows a password in every form a keyboard may send', async () => {
    const password = 'Zoë-fährt-Rad-in-Łódź'
    const { outcome } = await setUp({
      user: { password: aPassword(await plainHasher().hash(password.normalize('NFC'))) },
    })
    assert.equal(await outcome('ann@example.com', password.normalize('NFD')), 'signed-in')
  })

  it('says what comes first: confirmation, a new password, a reset', async () => {
    for (const [status, kind] of [
      ['UNCONFIRMED', 'confirm-account'],
      ['FORCE_CHANGE_PASSWORD', 'new-password'],
      ['RESET_REQUIRED', 'reset-required'],
      ['DELETING', 'user-disabled'],
      ['CONFIRMED', 'signed-in'],
    ] as const) {
      const { outcome } = await setUp({ user: { status } })
      assert.equal(await outcome('ann@example.com', PASSWORD), kind)
      assert.equal(await outcome('ann@example.com', 'wrong'), 'wrong-credentials')
    }
  })

  it('refuses a temporary password from its last moment on', async () => {
    const hash = await plainHasher().hash(PASSWORD)
    const password = aPassword(hash, { isTemporary: true, expiresAt: secondsLater(60) })
    const { outcome, wait } = await setUp({ user: { status: 'FORCE_CHANGE_PASSWORD', password } })
    wait(59)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'new-password')
    wait(60)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'temporary-password-expired')
    assert.equal(await outcome('ann@example.com', 'wrong'), 'wrong-credentials')
  })

  it('renews a hash of former parameters when the password was right', async () => {
    const { outcome, users, pool, sub } = await setUp({ hasher: plainHasher({ version: 2 }) })
    const hash = async () => (await users.findBySub(pool.id, sub))?.password?.hash.split('$')[1]
    await outcome('ann@example.com', 'wrong')
    assert.equal(await hash(), '1')
    assert.equal(await outcome('ann@example.com', PASSWORD), 'signed-in')
    assert.equal(await hash(), '2')
    assert.equal(await outcome('ann@example.com', PASSWORD), 'signed-in')
  })
})

describe('guessing passwords', () => {
  it('is over after five tries from a network: the right one is refused too, for a quarter of an hour', async () => {
    const { outcome, as, wait, sub } = await setUp()
    for (let n = 0; n < 5; n++) assert.equal(await outcome('ann@example.com', 'wrong'), 'wrong-credentials')
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
    wait(14 * 60)
    const refused = await as('ann@example.com', PASSWORD)
    assert.deepEqual(refused, { ok: false, failure: { code: 'too-many-attempts', params: { minutes: 1 }, sub } })
    wait(15 * 60)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'signed-in')
  })

  it('counts the person, not the spelling: every name and every way to write it is one count', async () => {
    const { outcome } = await setUp({ pool: { signInNames: ['username', 'email', 'phone_number'] } })
    for (const login of ['ann@example.com', ' ANN@EXAMPLE.COM', 'ａｎｎ＠example.com', '+49 (30) 123456', 'Ann'])
      assert.equal(await outcome(login, 'wrong'), 'wrong-credentials', login)
    assert.equal(await outcome('ann', PASSWORD), 'too-many-attempts')
  })

  it('locks names nobody has as well, in every spelling, so that a lock reveals nothing', async () => {
    const { outcome } = await setUp()
    for (const login of ['no@example.com', 'NO@example.com', 'no@EXAMPLE.com', ' no@example.com', 'ｎo@example.com'])
      assert.equal(await outcome(login, 'wrong'), 'user-unknown')
    assert.equal(await outcome('no@example.com', 'wrong'), 'too-many-attempts')
    for (let n = 0; n < 5; n++) assert.equal(await outcome('not a name', 'wrong'), 'user-unknown')
    assert.equal(await outcome(' NOT a name ', 'wrong'), 'too-many-attempts')
  })

  it('from one network does not lock the owner out in another', async () => {
    const { outcome } = await setUp()
    for (let n = 0; n < 20; n++) await outcome('ann@example.com', 'wrong', '198.51.100.1')
    assert.equal(await outcome('ann@example.com', PASSWORD, '203.0.113.7'), 'signed-in')
  })

  it('from many networks ends at fifty', async () => {
    const { outcome } = await setUp()
    for (let n = 0; n < 50; n++) await outcome('ann@example.com', 'wrong', `198.51.100.${n}`)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
  })

  it('at many people from one network ends at a hundred', async () => {
    const { outcome } = await setUp()
    for (let n = 0; n < 100; n++) await outcome(`person-${n}@example.com`, 'wrong')
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
  })

  it('counts all addresses of one /64 as one, and all unreadable ones as one', async () => {
    const { outcome } = await setUp()
    for (let n = 0; n < 5; n++) await outcome('ann@example.com', 'wrong', `2001:db8:1:2::${n + 1}`)
    assert.equal(await outcome('ann@example.com', PASSWORD, '2001:db8:1:2:ffff::9'), 'too-many-attempts')
    for (let n = 0; n < 5; n++) await outcome('ann@example.com', 'wrong', n % 2 === 0 ? null : 'garbage')
    assert.equal(await outcome('ann@example.com', PASSWORD, null), 'too-many-attempts')
    assert.equal(await outcome('ann@example.com', PASSWORD, '2001:db8:1:3::1'), 'signed-in')
  })

  it('is forgotten after a success, and successes are not counted against anybody', async () => {
    const { outcome } = await setUp()
    for (let n = 0; n < 4; n++) await outcome('ann@example.com', 'wrong')
    assert.equal(await outcome('ann@example.com', PASSWORD), 'signed-in')
    for (let n = 0; n < 4; n++) await outcome('ann@example.com', 'wrong')
    for (let n = 0; n < 250; n++) assert.equal(await outcome('ann@example.com', PASSWORD), 'signed-in')
  })

  it('in parallel lets no more through than one after the other', async () => {
    const { outcome } = await setUp()
    const results = await Promise.all(Array.from({ length: 50 }, () => outcome('ann@example.com', 'wrong')))
    assert.equal(results.filter((code) => code === 'wrong-credentials').length, 5)
  })

  it('is not loosened by a disabled or expired account: those tries count too', async () => {
    const { outcome } = await setUp({ user: { enabled: false } })
    for (let n = 0; n < 5; n++) await outcome('ann@example.com', PASSWORD)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
  })
})

describe('an operator’s trigger at sign-in', () => {
  it('is asked before, for unknown names too; after is when everything else is proven', async () => {
    const asked: unknown[] = []
    const { outcome } = await setUp({
      triggers: {
        preAuthentication: async ({ userNotFound, username }) => {
          asked.push(['before', userNotFound, username])
          return { ok: true, value: undefined }
        },
        postAuthentication: async () => {
          asked.push(['after'])
          return { ok: true, value: undefined }
        },
      },
      user: { username: 'ann' },
    })
    await outcome('Nobody@example.com', 'wrong')
    await outcome('ann@example.com', 'wrong')
    await outcome('ann@example.com', PASSWORD)
    assert.deepEqual(asked, [
      ['before', true, 'nobody@example.com'],
      ['before', false, 'ann'],
      ['before', false, 'ann'],
    ])
  })

  it('may bring somebody nobody here knows, who signs in with the password just typed and is asked about once', async () => {
    const asked: unknown[] = []
    const { outcome, users, pool } = await setUp({
      triggers: {
        migrateUser: async ({ source, username, password }) => {
          asked.push([source, username, password])
          return { ok: true, value: { status: 'CONFIRMED', attributes: { email: 'bo@example.com', name: 'Bo' } } }
        },
      },
    })
    assert.equal(await outcome('Bo@example.com', PASSWORD), 'signed-in')
    assert.equal(await outcome('bo@example.com', 'wrong'), 'wrong-credentials')
    assert.equal(await outcome('bo@example.com', PASSWORD), 'signed-in')
    assert.deepEqual(asked, [['sign-in', 'bo@example.com', PASSWORD]])
    assert.equal((await users.findByName(pool.id, 'bo@example.com'))?.user.attributes.name, 'Bo')
    assert.deepEqual(
      users.ledger.events.map(({ type, detail }) => [type, detail]),
      [['user.created', { act: 'migrate', source: 'sign-in' }]],
    )
  })

  it('is not asked about more names than may be guessed', async () => {
    let asked = 0
    const { outcome } = await setUp({
      triggers: {
        migrateUser: async () => {
          asked += 1
          return { ok: true, value: null }
        },
      },
    })
    for (let n = 0; n < 9; n++) await outcome('nobody@example.com', PASSWORD)
    assert.equal(asked, 5)
  })

  it('may refuse, and can neither lift a lock nor tell by its refusal who exists', async () => {
    const refuse = async () => ({ ok: false, failure: { code: 'trigger-refused' } }) as const
    const { outcome, hasher } = await setUp({ triggers: { preAuthentication: refuse } })
    for (let n = 0; n < 5; n++)
      assert.equal(await outcome(n % 2 ? 'ann@example.com' : 'no@example.com', PASSWORD), 'trigger-refused')
    assert.equal(hasher.spent(), 5)
    for (let n = 0; n < 3; n++) await outcome('ann@example.com', PASSWORD)
    assert.equal(await outcome('ann@example.com', PASSWORD), 'too-many-attempts')
  })
})
