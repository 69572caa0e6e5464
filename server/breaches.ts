import { type BreachFile, BreachFileRefused, openBreachFile } from '#adapters/passwords/breach-file.ts'
import { breachRange } from '#adapters/passwords/breach-range.ts'
import {
  type BreachSource,
  type CommonPasswords,
  type CompromisedPasswords,
  compromisedPasswords,
  type LookUpOutcome,
  listedPasswords,
  type NamedSource,
} from '#core/passwords/index.ts'
import type { Clock } from '#core/shared/ports.ts'
import { type Config, ConfigError } from './config.ts'

export interface BreachParts {
  config: Pick<Config, 'BREACH_FILE' | 'BREACH_RANGE_URL' | 'mode'>
  common: CommonPasswords
  clock: Clock
  /** What operators should know; never what was looked up. */
  warn: (line: string, because: string) => void
  onLookUp?: (source: BreachSource, outcome: LookUpOutcome) => void
}

const opened = (path: string, warn: BreachParts['warn']): BreachFile => {
  try {
    return openBreachFile(path, (because) => warn('the file of leaked passwords cannot be read', because))
  } catch (error) {
    if (error instanceof BreachFileRefused) throw new ConfigError([`BREACH_FILE: ${error.message}`])
    throw error
  }
}

/** Throws a ConfigError for a file of another form: before anything is started that would have to be stopped again. */
export const checkBreachFile = ({ BREACH_FILE }: Pick<Config, 'BREACH_FILE'>): void => {
  if (BREACH_FILE !== undefined) opened(BREACH_FILE, () => undefined).close()
}

/**
 * Where this deployment looks passwords up: the shipped list, then the operator's file, then the range service. Throws a
 * ConfigError for a file of another form.
 */
export const breaches = ({
  config,
  common,
  clock,
  warn,
  onLookUp,
}: BreachParts): CompromisedPasswords & { close(): void } => {
  const file = config.BREACH_FILE === undefined ? null : opened(config.BREACH_FILE, warn)
  const sources: NamedSource[] = [{ name: 'list', passwords: listedPasswords(common) }]
  if (file !== null) sources.push({ name: 'file', passwords: file })
  if (config.BREACH_RANGE_URL !== undefined) {
    const range = breachRange({
      baseUrl: config.BREACH_RANGE_URL,
      production: config.mode === 'production',
      clock,
      onChange: (isGivenUp, because) =>
        warn(
          isGivenUp ? 'the breach range service is left alone for a while' : 'the breach range service is back',
          because,
        ),
    })
    sources.push({ name: 'range', passwords: range })
  }
  return { ...compromisedPasswords(sources, onLookUp), close: () => file?.close() }
}
