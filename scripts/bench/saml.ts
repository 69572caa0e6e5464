/** Measures what a verified SAML response costs: `node scripts/bench-saml.mjs --help`. */
import { parseArgs } from 'node:util'
import { encryptedAssertion, honestResponse, signedAssertion, signedResponse } from '#tests/support/saml/test-idp.ts'
import { posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'
import { median } from './measure.ts'
import { table } from './report.ts'

const HELP = `node scripts/bench-saml.mjs [options]

Verifies SAML responses, each with an assertion of its own, and prints the CPU time of one: from the posted form to the identity,
two signatures, the replay store in memory. Ends with 1 when a response is refused or the ordinary one's median is over 15 ms.

  --responses 400  of each kind
  --help`

const LIMIT_MS = 15
const WARM_UP = 40

const { values } = parseArgs({
  options: { responses: { type: 'string', default: '400' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const count = Number(values.responses)

/** As many as a large provider sends: two hundred groups. */
const MANY = { email: ['ann@fjord-books.example'], groups: Array.from({ length: 200 }, (_, at) => `group-${at}`) }

const ORDINARY = 'signed response, signed assertion'

const KINDS: Readonly<Record<string, (assertionId: string) => string>> = {
  [ORDINARY]: (assertionId) => honestResponse({ assertionId }),
  'the same with 200 groups': (assertionId) => honestResponse({ assertionId, attributes: MANY }),
  'the same, encrypted (AES-256-GCM)': (assertionId) =>
    signedResponse(encryptedAssertion(signedAssertion({ assertionId }))),
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const measure = async (responseWith: (id: string) => string): Promise<{ times: number[]; bytes: number }> => {
  const { provider } = testProvider({ encryptedAssertions: 'accepted' })
  const responses = Array.from({ length: count + WARM_UP }, (_, at) => posted(responseWith(`_a${at}`)))
  const times: number[] = []
  for (const response of responses) {
    const before = cpuMs()
    const result = await provider.finish(response, REMEMBERED)
    times.push(cpuMs() - before)
    if (!result.ok) throw new Error(`refused: ${result.failure.because}`)
  }
  return { times: times.slice(WARM_UP), bytes: responses[0]?.parameters.SAMLResponse?.length ?? 0 }
}

const rows: string[][] = []
let isSlow = false
for (const [kind, responseWith] of Object.entries(KINDS)) {
  const { times, bytes } = await measure(responseWith)
  const sorted = times.toSorted((a, b) => a - b)
  const middle = median(times)
  isSlow ||= kind === ORDINARY && middle > LIMIT_MS
  rows.push([
    kind,
    `${(bytes / 1024).toFixed(1)} KiB`,
    middle.toFixed(2),
    (sorted[Math.floor(count * 0.99)] ?? 0).toFixed(2),
  ])
}
console.log(table(['response', 'posted', 'median, CPU ms', 'p99, CPU ms'], rows))
process.exitCode = isSlow ? 1 : 0
