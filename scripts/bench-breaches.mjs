import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'

const node = prepare({ pages: false })
handOver(node, ['scripts/bench/breaches.ts', ...process.argv.slice(2)])
