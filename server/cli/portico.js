#!/usr/bin/env node
// Plain JavaScript that any Node can read: hands over to the Node this project brings along, which reads TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const own = join(here, '../../node_modules/.bin/node')
const node = Number(process.versions.node.split('.')[0]) >= 24 || !existsSync(own) ? process.execPath : own
const { status, error } = spawnSync(node, [join(here, 'portico.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
if (error) throw error
process.exitCode = status ?? 1
