import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { FederationWatch, SendWatch } from '#core/flows/index.ts'
import type { BreachSource, LookUpOutcome } from '#core/passwords/index.ts'
import type { RiskWatch } from '#core/risk/index.ts'
import type { EventStreamMetrics } from './jobs/event-stream.ts'
import type { OutboxMetrics } from './jobs/outbox-worker.ts'
import type { SignOutMetrics } from './jobs/sign-out-worker.ts'
import type { Place } from './locate.ts'

/** What operators will ask. Labels are bounded: kinds of place, classes of status — never a pool, a client or a person. */
export const makeMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'portico_' })
  const answered = new Histogram({
    name: 'portico_http_request_seconds',
    help: 'Time to answer, by kind of address and class of status',
    labelNames: ['place', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const messages = new Counter({
    name: 'portico_messages_total',
    help: 'Messages by channel and outcome',
    labelNames: ['channel', 'outcome'],
    registers: [registry],
  })
  const waited = new Histogram({
    name: 'portico_message_wait_seconds',
    help: 'From the act to the hand-over to the mail server or gateway',
    labelNames: ['channel'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    registers: [registry],
  })
  const breaches = new Counter({
    name: 'portico_breach_look_ups_total',
    help: 'Passwords held against known breaches, by source and outcome',
    labelNames: ['source', 'outcome'],
    registers: [registry],
  })
  const unsent = new Counter({
    name: 'portico_codes_refused_total',
    help: 'Codes that were not sent, by channel and what stood against it',
    labelNames: ['channel', 'because'],
    registers: [registry],
  })
  const judged = new Counter({
    name: 'portico_sign_ins_judged_total',
    help: 'Sign-ins held against the person’s earlier ones, by level of risk and what was done',
    labelNames: ['level', 'effect'],
    registers: [registry],
  })
  const asked = new Counter({
    name: 'portico_sign_in_questions_total',
    help: 'Mails that ask "was this you?", by what became of the sign-in',
    labelNames: ['about'],
    registers: [registry],
  })
  const answers = new Counter({
    name: 'portico_sign_in_answers_total',
    help: 'Answers to "was this you?", by what and who said it',
    labelNames: ['answer', 'by'],
    registers: [registry],
  })
  const risk: RiskWatch = {
    judged: (level, effect) => judged.inc({ level, effect }),
    asked: (about) => asked.inc({ about }),
    answered: (value, by) => answers.inc({ answer: value === 'valid' ? 'yes' : 'no', by }),
  }
  const departures = new Counter({
    name: 'portico_federation_departures_total',
    help: 'Browsers sent to identity providers, by type of provider and outcome',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  })
  const returns = new Histogram({
    name: 'portico_federation_return_seconds',
    help: 'From the return of a browser to the next page, calls to the provider included, by type of provider and outcome',
    labelNames: ['type', 'outcome'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  })
  const federation: FederationWatch = {
    left: (type, outcome) => departures.inc({ type: type ?? 'none', outcome }),
    returned: (type, outcome, seconds) => returns.observe({ type: type ?? 'none', outcome }, seconds),
  }
  const lag = new Gauge({
    name: 'portico_event_stream_lag_seconds',
    help: 'Age of the oldest event that a sink has not taken',
    labelNames: ['sink'],
    registers: [registry],
  })
  const streamed = new Counter({
    name: 'portico_events_streamed_total',
    help: 'Events that a sink has taken',
    labelNames: ['sink'],
    registers: [registry],
  })
  const unstreamed = new Counter({
    name: 'portico_event_stream_failures_total',
    help: 'Batches of events that a sink did not take; they come again',
    labelNames: ['sink'],
    registers: [registry],
  })
  const events: EventStreamMetrics = {
    lagged: (sink, seconds) => lag.set({ sink }, seconds),
    taken: (sink, count) => streamed.inc({ sink }, count),
    failed: (sink) => unstreamed.inc({ sink }),
  }
  const signOutsTold = new Counter({
    name: 'portico_app_sign_outs_total',
    help: 'Apps told that a session is over, by outcome of the attempt',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const signOutsWaited = new Histogram({
    name: 'portico_app_sign_out_wait_seconds',
    help: 'From the end of a session to the app that took note of it',
    buckets: [0.1, 0.5, 1, 2, 5, 10, 60, 300, 3600],
    registers: [registry],
  })
  const signOuts: SignOutMetrics = {
    told(seconds) {
      signOutsTold.inc({ outcome: 'told' })
      signOutsWaited.observe(seconds)
    },
    failed: () => signOutsTold.inc({ outcome: 'failed' }),
    givenUp: () => signOutsTold.inc({ outcome: 'given-up' }),
  }
  const outbox: OutboxMetrics = {
    sent(channel, seconds) {
      messages.inc({ channel, outcome: 'sent' })
      waited.observe({ channel }, seconds)
    },
    failed: (channel, fault) => messages.inc({ channel, outcome: `failed-${fault}` }),
    buried: (channel, count) => messages.inc({ channel, outcome: 'dead' }, count),
  }
  return {
    outbox,
    risk,
    federation,
    events,
    signOuts,
    lookedUp: (source: BreachSource, outcome: LookUpOutcome): void => breaches.inc({ source, outcome }),
    codeRefused: (...[channel, because]: Parameters<SendWatch['refused']>): void => unsent.inc({ channel, because }),
    answered(place: Place['kind'], _poolId: string | null, status: number, seconds: number): void {
      answered.observe({ place, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    watchHashing(depth: () => { running: number; waiting: number }): void {
      new Gauge({
        name: 'portico_hash_queue_waiting',
        help: 'Password hashes waiting for their turn',
        registers: [registry],
        collect() {
          this.set(depth().waiting)
        },
      })
    },
    text: (): Promise<string> => registry.metrics(),
    contentType: registry.contentType,
  }
}
export type Metrics = ReturnType<typeof makeMetrics>
