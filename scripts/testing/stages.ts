import { globSync } from 'node:fs'
import type { Part } from './parts.ts'

export type Runner = 'program' | 'node' | 'playwright'

export interface Stage {
  name: string
  runner: Runner
  needs: readonly Part[]
  /** Programs: what to run under this Node. */
  args?: readonly string[]
  /** Tests: the files, from the root of the checkout. */
  files?: () => string[]
  /** Needs the built pages. */
  pages?: boolean
  /** A backstop; single files have a limit of their own. */
  limitMs: number
}

const MINUTE = 60_000

/** Everything in these folders belongs to the stage of the folder's name. */
const OWN_STAGE = ['contract', 'protocol', 'security', 'e2e']

const testsIn = (folder: string) => () => globSync(`tests/${folder}/**/*.test.ts`).sort()

const unitTests = (): string[] =>
  globSync('**/*.test.ts', {
    exclude: (path) => /^(node_modules|\.[a-z]|generated|public)/.test(path),
  })
    .filter((file) => !OWN_STAGE.some((name) => file.startsWith(`tests/${name}/`)))
    .filter((file) => file !== 'tests/architecture.test.ts')
    .sort()

export const STAGES: readonly Stage[] = [
  {
    name: 'types',
    runner: 'program',
    needs: [],
    args: ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false'],
    limitMs: 5 * MINUTE,
  },
  {
    name: 'lint',
    runner: 'program',
    needs: [],
    args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '--error-on-warnings'],
    limitMs: 5 * MINUTE,
  },
  {
    name: 'architecture',
    runner: 'node',
    needs: [],
    files: () => ['tests/architecture.test.ts'],
    limitMs: 5 * MINUTE,
  },
  { name: 'unit', runner: 'node', needs: ['postgresql'], files: unitTests, limitMs: 15 * MINUTE },
  { name: 'contract', runner: 'node', needs: ['postgresql'], files: testsIn('contract'), limitMs: 15 * MINUTE },
  {
    name: 'protocol',
    runner: 'node',
    needs: ['postgresql', 'xmlsec1', 'slapd', 'glewlwyd', 'simplesamlphp'],
    files: testsIn('protocol'),
    limitMs: 20 * MINUTE,
  },
  { name: 'security', runner: 'node', needs: ['postgresql'], files: testsIn('security'), limitMs: 20 * MINUTE },
  {
    name: 'journeys',
    runner: 'playwright',
    needs: ['postgresql', 'chromium', 'apache', 'mellon', 'glewlwyd', 'simplesamlphp', 'slapd'],
    files: () => globSync('tests/e2e/**/*.spec.ts').sort(),
    pages: true,
    limitMs: 40 * MINUTE,
  },
]
