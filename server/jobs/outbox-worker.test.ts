import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemRandom } from '#adapters/random/system-random.ts'
import type { MessageChannel, Outbox } from '#core/messages/ports.ts'
import { DeliveryError, type DeliveryFault } from '#core/shared/delivery-error.ts'
import { type MemoryOutbox, memoryOutbox } from '#tests/support/memory/outbox.ts'
import { aMail, anSms, handClock } from '#tests/support/sample-messages.ts'
import { type OutboxWorkerOptions, outboxWorker } from './outbox-worker.ts'

type Fate = 'taken' | DeliveryFault | Promise<void>

/** A worker on memory, with transports whose answer a test decides for each recipient. */
const setUp = (overrides: Partial<OutboxWorkerOptions> = {}) => {
  const outbox: MemoryOutbox = memoryOutbox()
  const clock = handClock()
  const sent: string[] = []
  const tries: string[] = []
  const logged: string[] = []
  const fates = new Map<string, Fate>()
  const send = async ({ to, text }: { to: string; text: string }): Promise<void> => {
    tries.push(to)
    const fate = fates.get(to) ?? fates.get('*') ?? 'taken'
    if (fate instanceof Promise) await fate
    else if (fate !== 'taken') throw new DeliveryError(fate, `refused: ${fate}`)
    sent.push(text === 'Hello' ? to : text)
  }
  const worker = outboxWorker({
    outbox,
    mailer: { send },
    sms: { send },
    clock,
    random: { ...systemRandom, bytes: (count) => new Uint8Array(count) },
    log: (level, line) => logged.push(`${level}: ${line}`),
    ...overrides,
  })
  return { outbox, clock, sent, tries, logged, fates, worker }
}

const held = () => {
  let release = (): void => {}
  const promise = new Promise<void>((resolve) => {
    release = resolve
  })
  return { promise, release }
}

describe('the outbox worker', () => {
  it('sends what is queued, once', async () => {
    const { outbox, worker, sent, clock } = setUp()
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    outbox.add(anSms({ to: '+4915100000001', made: 0, text: 'Hello' }))
    assert.equal(await worker.round(), 2)
    clock.move(1_000)
    assert.equal(await worker.round(), 0)
    assert.deepEqual(sent.toSorted(), ['+4915100000001', 'ann@example.com'])
  })

  it('tries again after 1, 2, 4 … seconds, at most 10 minutes apart, and gives up in the end', async () => {
    const { outbox, worker, clock, tries, fates } = setUp({ maxAttempts: 14 })
    fates.set('ann@example.com', 'message')
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    const moments: number[] = []
    for (let tick = 0; tick < 8_000; tick += 1) {
      if ((await worker.round()) > 0) moments.push(clock.seconds())
      clock.move(1)
    }
    const pauses = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0))
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600])
    assert.equal(tries.length, 14)
    assert.equal((await outbox.counts()).email.dead, 1)
  })

  it('stretches pauses by chance, so that what failed together does not return together', async () => {
    const { outbox, worker, clock, fates } = setUp({
      random: { ...systemRandom, bytes: (count) => new Uint8Array(count).fill(255) },
    })
    fates.set('ann@example.com', 'message')
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    await worker.round()
    clock.move(1)
    assert.equal(await worker.round(), 0)
    clock.move(0.5)
    assert.equal(await worker.round(), 1)
  })

  it('gives up at once where the refusal is for ever, and goes on with the next to that person', async () => {
    const { outbox, worker, sent, fates, logged, clock } = setUp()
    fates.set('ann@example.com', 'permanent')
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    await worker.round()
    fates.delete('ann@example.com')
    outbox.add(aMail({ to: 'ann@example.com', made: 1, text: 'second' }))
    clock.move(1)
    await worker.round()
    assert.deepEqual(sent, ['second'])
    assert.deepEqual(logged, ['warn: message given up'])
  })

  it('does not send what is past its use', async () => {
    const { outbox, worker, sent, clock } = setUp()
    outbox.add(aMail({ to: 'ann@example.com', made: 0, expires: 900 }))
    clock.move(900)
    await worker.round()
    assert.deepEqual(sent, [])
    assert.equal((await outbox.counts()).email.dead, 1)
  })

  it('keeps everything through an outage of hours, tries with one message, and then sends all in order, once', async () => {
    const { outbox, worker, sent, tries, clock, fates, logged } = setUp()
    fates.set('*', 'transport')
    const people = Array.from({ length: 30 }, (_, index) => `p${index % 7}@example.com`)
    for (const [index, to] of people.entries()) outbox.add(aMail({ to, made: index, text: `message ${index}` }))
    for (let minute = 0; minute < 180; minute += 1) {
      clock.move(60)
      await worker.round()
    }
    assert.equal(sent.length, 0)
    assert.ok(tries.length < 200, `${tries.length} tries`)
    assert.equal((await outbox.counts()).email.dead, 0)

    fates.clear()
    clock.move(60)
    for (let round = 0; round < 30; round += 1) await worker.round()
    assert.deepEqual(sent.toSorted(), people.map((_, index) => `message ${index}`).toSorted())
    for (const person of new Set(people)) {
      const theirs = sent.map((text) => Number(text.split(' ')[1])).filter((index) => people[index] === person)
      assert.deepEqual(
        theirs,
        theirs.toSorted((a, b) => a - b),
      )
    }
    assert.deepEqual(logged, [
      'error: messages cannot be sent; they are kept and tried again',
      'info: messages can be sent again',
    ])
  })

  it('lets SMS through while mail is down', async () => {
    const { outbox, worker, sent, fates } = setUp()
    fates.set('ann@example.com', 'transport')
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    outbox.add(anSms({ to: '+4915100000001', made: 0, text: 'Hello' }))
    await worker.round()
    assert.deepEqual(sent, ['+4915100000001'])
  })

  it('gives up a message that took its worker down too often', async () => {
    const { outbox, worker, sent, clock } = setUp({ maxAttempts: 3 })
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    for (let crash = 0; crash < 3; crash += 1) {
      await outbox.claim({ channel: 'email', limit: 1, now: clock.now(), leaseSeconds: 60 })
      clock.move(60)
    }
    await worker.round()
    assert.deepEqual(sent, [])
    assert.equal((await outbox.counts()).email.dead, 1)
  })
})

describe('the outbox worker, running', () => {
  /** Waiting takes no time of ours: each wait moves the clock on and lets everybody else run. */
  const running = (overrides: Partial<OutboxWorkerOptions> = {}) => {
    const made = setUp({
      wait: async (ms, signal) => {
        made.clock.move(ms / 1_000)
        await new Promise<void>((resolve) => setImmediate(resolve))
        if (signal.aborted) return
      },
      ...overrides,
    })
    const until = async (isTrue: () => boolean): Promise<void> => {
      for (let turn = 0; !isTrue(); turn += 1) {
        assert.ok(turn < 10_000, 'it never came true')
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
    }
    return { ...made, until }
  }

  it('lets one dead recipient hold up nobody', async () => {
    const { outbox, worker, sent, fates, until } = running()
    const dead = held()
    fates.set('dead@example.com', dead.promise)
    outbox.add(aMail({ to: 'dead@example.com', made: 0 }))
    for (let index = 0; index < 20; index += 1) outbox.add(aMail({ to: `p${index}@example.com`, made: 0 }))
    worker.start()
    await until(() => sent.length === 20)
    assert.ok(!sent.includes('dead@example.com'))
    dead.release()
    await worker.stop()
  })

  it('takes nothing new once it is asked to stop, and settles what is under way', async () => {
    const { outbox, worker, sent, fates, tries, until } = running()
    const slow = held()
    fates.set('slow@example.com', slow.promise)
    outbox.add(aMail({ to: 'slow@example.com', made: 0 }))
    worker.start()
    await until(() => tries.length === 1)
    const stopped = worker.stop()
    outbox.add(aMail({ to: 'late@example.com', made: 0 }))
    slow.release()
    await stopped
    assert.deepEqual(sent, ['slow@example.com'])
    const { status } = (await outbox.latest({ limit: 1, to: 'slow@example.com' }))[0] ?? {}
    assert.equal(status, 'sent')
    assert.equal((await outbox.counts()).email.waiting, 1)
  })

  it('survives a database that goes away, and sends nothing twice because of it', async () => {
    const inner = memoryOutbox()
    let isAway = false
    const fragile = new Proxy(inner, {
      get: (target, name: keyof Outbox) =>
        name === ('add' as string)
          ? target.add
          : async (...args: never[]) => {
              if (isAway) throw new Error('connection refused')
              return (target[name] as (...args: never[]) => unknown)(...args)
            },
    })
    const { worker, sent, tries, logged, fates, until } = running({ outbox: fragile })
    const first = held()
    fates.set('first@example.com', first.promise)
    inner.add(aMail({ to: 'first@example.com', made: 0 }))
    worker.start()
    await until(() => tries.length === 1)
    // It was taken; before that could be written the database went away.
    isAway = true
    first.release()
    inner.add(aMail({ to: 'second@example.com', made: 1 }))
    await until(() => logged.length > 0)
    isAway = false
    await until(() => sent.length === 2)
    await worker.stop()
    assert.deepEqual(sent.toSorted(), ['first@example.com', 'second@example.com'])
    assert.deepEqual(logged, ['error: the outbox cannot be read; trying again', 'info: the outbox can be read again'])
  })

  it('tells its metrics how long people waited and what went wrong', async () => {
    const told: string[] = []
    const { outbox, worker, clock, fates } = setUp({
      metrics: {
        sent: (channel: MessageChannel, seconds) => told.push(`sent ${channel} after ${seconds}`),
        failed: (channel, fault) => told.push(`failed ${channel} ${fault}`),
        buried: (channel, count) => told.push(`buried ${channel} ${count}`),
      },
    })
    outbox.add(aMail({ to: 'ann@example.com', made: 0 }))
    fates.set('bo@example.com', 'permanent')
    outbox.add(aMail({ to: 'bo@example.com', made: 1 }))
    outbox.add(aMail({ to: 'cy@example.com', made: 2, expires: 3 }))
    clock.move(5)
    await worker.round()
    assert.deepEqual(told.toSorted(), [
      'buried any 1',
      'buried email 1',
      'failed email permanent',
      'sent email after 5',
    ])
  })
})
