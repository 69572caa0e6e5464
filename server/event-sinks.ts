import type { Logger } from 'pino'
import { fileSink } from '#adapters/event-sinks/file-sink.ts'
import { httpSink } from '#adapters/event-sinks/http-sink.ts'
import type { Database } from '#adapters/postgres/database.ts'
import { pgEventFeed } from '#adapters/postgres/pg-event-feed.ts'
import type { EventSink } from '#core/events/index.ts'
import type { Clock, Random } from '#core/shared/ports.ts'
import type { Config } from './config.ts'
import { type EventStream, eventStream } from './jobs/event-stream.ts'
import type { Metrics } from './metrics.ts'

const sinksOf = ({ EVENT_SINK_FILE, EVENT_SINK_URL: url, EVENT_SINK_TOKEN: token }: Config): EventSink[] => [
  ...(EVENT_SINK_FILE === undefined ? [] : [fileSink(EVENT_SINK_FILE)]),
  ...(url === undefined ? [] : [httpSink({ url, token })]),
]

/** Takes events to where the operator wants them beside the database; without a sink it does nothing. */
export const configuredEventStream = (
  config: Config,
  {
    database,
    clock,
    random,
    log,
    metrics,
  }: { database: Database; clock: Clock; random: Random; log: Logger; metrics: Metrics },
): EventStream =>
  eventStream({
    feed: pgEventFeed(database),
    sinks: sinksOf(config),
    clock,
    random,
    log: (level, line, fields) => log[level](fields, line),
    metrics: metrics.events,
  })
