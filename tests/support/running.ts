/** The Portico that journeys talk to; the run's set-up starts it, workers learn of it from their environment. */
export interface Running {
  origin: string
  /** Origin of the demo app. */
  demo: string
  /** Origin of the pages alone, drawn from fixtures. */
  preview: string
  connectionString: string
  secret: string
}

const NAME = 'PORTICO_TEST_RUNNING'

export const tellWorkers = (running: Running): void => {
  process.env[NAME] = JSON.stringify(running)
}

export const runningPortico = (): Running => {
  const told = process.env[NAME]
  if (told === undefined) throw new Error('no Portico was started for this run')
  return JSON.parse(told) as Running
}
