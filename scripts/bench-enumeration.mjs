import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'

const node = prepare()
handOver(node, ['scripts/bench/enumeration.ts', ...process.argv.slice(2)])
