/** Measures Portico against bare oidc-provider: `npm run bench -- --help`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type SigningAlgorithm, startBare } from './bare-target.ts'
import { discover, FLOWS, type Flow } from './flows.ts'
import { hashCpuMs } from './hash-cost.ts'
import { gather, medianRound, type Round } from './measure.ts'
import { type PorticoUnderLoad, startPortico } from './portico-target.ts'
import { type FlowResult, functionTable, ratioTable, saturated, table, whereTable } from './report.ts'
import { canPin, pinGenerator, type Target } from './target.ts'

const HELP = `npm run bench -- [options]

Runs every flow against Portico and against bare oidc-provider with its in-memory store, in turns, one closed loop each;
prints medians, ratios, CPU per act and where the main thread's time went. Takes about five minutes per algorithm.

  --alg RS256,ES256     signing algorithms, one after the other   (RS256)
  --rounds 5            measured rounds per flow and server
  --seconds 2           length of a round
  --flows a,b           only these: ${FLOWS.map(({ name }) => name).join(', ')}
  --only floor|portico  one server alone
  --port 4370           first of the three ports used on loopback
  --functions           the busiest functions of each flow as well
  --write               puts the figures into docs/performance.md
  --json                figures as JSON on the last line
  --help`

const { values } = parseArgs({
  options: {
    alg: { type: 'string', default: 'RS256' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    flows: { type: 'string' },
    only: { type: 'string' },
    port: { type: 'string', default: '4370' },
    functions: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const rounds = Number(values.rounds)
const seconds = Number(values.seconds)
const port = Number(values.port)
const chosen = values.flows?.split(',')
const flows = FLOWS.filter(({ name }) => chosen === undefined || chosen.includes(name))

const measureFlow = async (flow: Flow, floor: Target | null, portico: PorticoUnderLoad | null): Promise<FlowResult> => {
  const servers = await Promise.all(
    [floor, portico].map(async (target) => target && gather(flow, target, await discover(target.issuer))),
  )
  const [floorCrew, porticoCrew] = servers
  for (const crew of servers) await crew?.warmUp()
  const floorRounds: Round[] = []
  const porticoRounds: Round[] = []
  const databaseBefore = portico?.databaseCpuMs() ?? null
  // In turns, so that a neighbour's noise on the machine falls on both.
  for (let round = 0; round < rounds; round++) {
    if (floorCrew) floorRounds.push(await floorCrew.run(seconds))
    if (porticoCrew) porticoRounds.push(await porticoCrew.run(seconds))
  }
  const databaseAfter = portico?.databaseCpuMs() ?? null
  const acts = porticoRounds.reduce((sum, { perSecond }) => sum + perSecond * seconds, 0)
  const where = (await (porticoCrew ?? floorCrew)?.profile(seconds)) ?? null
  for (const crew of servers) crew?.dismiss()
  return {
    flow: flow.name,
    floor: floorCrew ? medianRound(floorRounds) : null,
    portico: porticoCrew ? medianRound(porticoRounds) : null,
    databaseCpuMs: databaseBefore === null || databaseAfter === null ? null : (databaseAfter - databaseBefore) / acts,
    where,
  }
}

const measureAll = async (alg: SigningAlgorithm) => {
  const floor = values.only === 'portico' ? null : await startBare({ port, alg })
  let portico: PorticoUnderLoad | null = null
  try {
    portico = values.only === 'floor' ? null : await startPortico({ port: port + 1, alg })
    const idleBytes = await portico?.process.idleBytes()
    const results: FlowResult[] = []
    for (const flow of flows) {
      console.error(`${alg}: ${flow.name}`)
      results.push(await measureFlow(flow, floor, portico))
    }
    return { alg, results, idleBytes, firstAnswerMs: portico?.firstAnswerMs }
  } finally {
    await portico?.stop()
    await floor?.stop()
  }
}

const sectionOf = (
  { alg, results, idleBytes, firstAnswerMs }: Awaited<ReturnType<typeof measureAll>>,
  hashMs: number,
): string => {
  const signIn = results.find(({ flow }) => flow === 'whole sign-in')?.portico
  const facts: [string, string][] = [['argon2id, one hash, CPU', `${hashMs.toFixed(1)} ms`]]
  if (signIn) facts.push(['whole sign-in without its hash, CPU', `${(signIn.cpuMs - hashMs).toFixed(1)} ms`])
  if (firstAnswerMs !== undefined) facts.push(['start to first answer', `${Math.round(firstAnswerMs)} ms`])
  if (idleBytes !== undefined) facts.push(['resident when idle', `${Math.round(idleBytes / 1e6)} MB`])
  const parts = [`### ${alg}, JWT access tokens`, ratioTable(results), table(['apart from that', 'figure'], facts)]
  if (results.some(({ where }) => where)) parts.push(whereTable(results))
  if (values.functions) parts.push(...results.map(functionTable))
  const busy = saturated(results)
  if (busy.length > 0) {
    parts.push(
      `The generator was busy more than 85 % of the time in: ${busy.join(', ')}. Those figures are lower bounds.`,
    )
  }
  return parts.join('\n\n')
}

const MARKS = ['<!-- figures -->', '<!-- end of figures -->'] as const

/** Replaces the figures in docs/performance.md, so that nobody copies tables by hand. */
const writeDown = (report: string): void => {
  const file = join(import.meta.dirname, '../../docs/performance.md')
  const [before, , after] = readFileSync(file, 'utf8').split(new RegExp(MARKS.join('|')))
  writeFileSync(file, `${before}${MARKS[0]}\n\n${report}\n\n${MARKS[1]}${after}`)
}

if (values.help) {
  console.log(HELP)
} else {
  pinGenerator()
  const [load = 0] = loadavg()
  const place = canPin ? 'server on core 0, generator and database on core 1' : 'nothing pinned: no taskset here'
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ${place}; ${rounds} rounds of ${seconds} s`
  const neighbours =
    load > 0.7
      ? ` The machine was doing other work as well (load ${load.toFixed(1)}): believe the CPU more than the pace.`
      : ''
  console.log(`${machine}.${neighbours}`)
  const hashMs = await hashCpuMs()
  const measured = []
  const sections: string[] = []
  for (const alg of values.alg.split(',')) {
    if (alg !== 'RS256' && alg !== 'ES256') throw new Error(`--alg takes RS256 and ES256, not ${alg}`)
    const result = await measureAll(alg)
    const section = sectionOf(result, hashMs)
    console.log(`\n${section}`)
    sections.push(section)
    measured.push(result)
  }
  const today = new Date().toISOString().slice(0, 10)
  if (values.write) writeDown([`${today}, ${machine}.${neighbours}`, ...sections].join('\n\n'))
  if (values.json) console.log(JSON.stringify({ hashMs, measured }))
}
