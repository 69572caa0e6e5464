import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'

const node = prepare({ pages: false })
handOver(node, ['scripts/bench/oidc.ts', ...process.argv.slice(2)])
