import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashOf, isDone, markDone } from './stamps.mjs'

/**
 * What every command does first, under whatever Node started it and before anything is installed: plain JavaScript,
 * nothing but Node's own modules. Each step runs only when its inputs changed.
 */

const OLDEST_NODE = 20
const OLDEST_NPM = 10
const RUNTIME = 24
const LOCAL_NODE = 'node_modules/.bin/node'

const LOCK = 'package-lock.json'
const CLIENT = { inputs: ['prisma/schema.prisma'], output: 'generated/prisma/client.ts' }
const ASSETS = { inputs: ['app', 'scripts/build-assets.mjs'], output: 'public/assets/manifest.json' }
const PAGES = {
  inputs: ['app', 'core', 'locales', 'themes', 'instrumentation.ts', 'next.config.js', 'tsconfig.json'],
  output: '.next/BUILD_ID',
}

export const say = (line) => console.log(`portico: ${line}`)

/** Stops the command: says what is wrong and what mends it. */
export const giveUp = (line) => {
  console.error(`portico: ${line}`)
  process.exit(1)
}

/** Runs a program quietly; its output is shown only when it fails. */
const run = (what, program, args, env = {}) => {
  const begun = performance.now()
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  })
  if (status !== 0) giveUp(`${what} failed\n${error?.message ?? `${stdout}\n${stderr}`.trim()}`)
  say(`${what}: done in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
}

const npm = (...args) =>
  process.env.npm_execpath?.endsWith('.js') ? [process.execPath, [process.env.npm_execpath, ...args]] : ['npm', args]

const checkNpm = () => {
  const [program, args] = npm('--version')
  const version = spawnSync(program, args, { encoding: 'utf8' }).stdout?.trim()
  if (!version) giveUp('npm was not found. Install Node.js with npm from https://nodejs.org')
  if (Number.parseInt(version, 10) < OLDEST_NPM)
    giveUp(`npm ${version} is too old: npm ${OLDEST_NPM} or newer is needed`)
}

/**
 * `npm install`, not `npm ci`, which refuses a lock that lacks the optional packages of other platforms. It must
 * leave the lock as it is: a lock that moves by itself means that two machines run different code.
 */
const install = () => {
  const { dependencies, devDependencies, allowScripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const wanted = JSON.stringify([dependencies, devDependencies, allowScripts])
  const hash = hashOf([LOCK], [wanted, process.platform, process.arch])
  // npm's own record tells an installation that was interrupted, or whose node_modules was deleted.
  if (isDone('install', hash, ['node_modules/.package-lock.json'])) return
  checkNpm()
  say(existsSync('node_modules') ? 'installing packages: the lock changed' : 'installing packages')
  const before = readFileSync(LOCK, 'utf8')
  run('installing packages', ...npm('install', '--no-audit', '--no-fund', '--include=dev', '--include=optional'))
  if (readFileSync(LOCK, 'utf8') !== before) {
    writeFileSync(LOCK, before)
    giveUp('package.json and package-lock.json do not agree: run "npm install" and commit the lock')
  }
  markDone('install', hash)
}

const majorOf = (program) =>
  Number(spawnSync(program, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }).stdout)

/** The Node that everything after this runs under: the pinned one, or the one that runs us when it is that new. */
const findRuntime = () => {
  if (existsSync(LOCAL_NODE)) {
    const hash = hashOf(['node_modules/node/package.json'])
    if (!isDone('runtime', hash, []) && majorOf(LOCAL_NODE) !== RUNTIME)
      giveUp(`${LOCAL_NODE} is not Node ${RUNTIME}: delete node_modules and try again`)
    markDone('runtime', hash)
    return resolve(LOCAL_NODE)
  }
  if (Number.parseInt(process.versions.node, 10) >= RUNTIME) return process.execPath
  return giveUp(
    `Node ${RUNTIME} is missing: it comes with the package "node", whose install script did not run. ` +
      'Run "npm rebuild node --ignore-scripts=false", or start with Node 24',
  )
}

/** Types and queries of prisma/schema.prisma. The generator asks for a schema engine, which it then does not use. */
const generateClient = (node) => {
  const hash = hashOf([...CLIENT.inputs, LOCK])
  if (isDone('client', hash, [CLIENT.output])) return
  run('generating the database client', node, ['node_modules/prisma/build/index.js', 'generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: node,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1', // Prisma's update check
  })
  markDone('client', hash)
}

const buildAssets = (node) => {
  const hash = hashOf([...ASSETS.inputs, LOCK])
  if (isDone('assets', hash, [ASSETS.output])) return
  run('building styles and fonts', node, ['scripts/build-assets.mjs'])
  markDone('assets', hash)
}

const buildPages = (node) => {
  const hash = hashOf([...PAGES.inputs, LOCK])
  if (isDone('pages', hash, [PAGES.output])) return
  say('building the pages')
  run('building the pages', node, ['node_modules/next/dist/bin/next', 'build'], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  })
  markDone('pages', hash)
}

/** Makes the checkout ready and returns the path of the Node to go on with. */
export const prepare = ({ pages }) => {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))))
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE)
    giveUp(`Node ${process.versions.node} is too old: Node ${OLDEST_NODE} or newer is needed`)
  install()
  const node = findRuntime()
  generateClient(node)
  buildAssets(node)
  if (pages) buildPages(node)
  return node
}
