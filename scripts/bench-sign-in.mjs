import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'

const isAsking = process.argv.includes('--help')
const node = prepare({ pages: !isAsking })
handOver(node, ['scripts/bench/sign-in-cost.ts', ...process.argv.slice(2)], { NODE_ENV: 'production' })
