import type { Import, SourceFile } from './source-file.ts'

/** Returns what is wrong with the file, one sentence each; nothing when the file keeps the rule. */
export type Rule = (file: SourceFile) => string[]

const roomOf = (path: string): string => path.split('/')[0] ?? ''
/** "core/flows" of "core/flows/steps/sign-up.ts". */
const placeOf = (path: string): string => path.split('/').slice(0, 2).join('/')

const isTest = ({ path }: SourceFile): boolean => path.startsWith('tests/') || /\.test\.tsx?$/.test(path)
const isProduct = (file: SourceFile): boolean =>
  ['app', 'core', 'adapters', 'server', 'locales', 'themes'].includes(roomOf(file.path)) && !isTest(file)

/** A rule about every import of some files. */
const onImports =
  (
    applies: (file: SourceFile) => boolean,
    isAllowed: (one: Import, file: SourceFile) => boolean,
    because: string,
  ): Rule =>
  (file) =>
    applies(file)
      ? file.imports.filter((one) => !isAllowed(one, file)).map(({ specifier }) => `${specifier}: ${because}`)
      : []

const productIn =
  (room: string) =>
  (file: SourceFile): boolean =>
    isProduct(file) && roomOf(file.path) === room

const CORE_PACKAGES = new Set(['zod', 'css-tree', 'intl-messageformat'])
/** The pure functions of Node's modules: no randomness, no socket. */
const CORE_NODE: Readonly<Record<string, RegExp>> = {
  'node:crypto': /^(createHash|createHmac|hash|timingSafeEqual)$/,
  'node:net': /^(isIP|isIPv4|isIPv6|BlockList|SocketAddress)$/,
}
const isPureNode = ({ target, names }: Import): boolean => names.every((name) => CORE_NODE[target]?.test(name) ?? false)
/** Words are data: no code comes with them. */
const isCatalogue = ({ target }: Import): boolean => /^locales\/[^/]+\.json$/.test(target)
const isShared = ({ target }: Import): boolean => target.startsWith('core/shared/')
const isFrontRoom = ({ target }: Import): boolean => /^core\/[^/]+\/index\.ts$/.test(target)
const isCoreType = ({ target, isTypeOnly }: Import): boolean => isTypeOnly && target.startsWith('core/')
/** Settings are data that many read; rows are parsed on the way out of the database too, by the same schema. */
const isSettingsSchema = ({ target }: Import): boolean => /^core\/[^/]+\/[a-z-]+-settings\.ts$/.test(target)
/** Both roles of SAML write and read the same messages: that part has a folder of its own, which knows neither role. */
const SHARED_PARTS: Readonly<Record<string, string>> = {
  'adapters/upstream-saml': 'adapters/saml',
  'adapters/saml-idp': 'adapters/saml',
}
const isSharedPart = ({ target }: Import, path: string): boolean => SHARED_PARTS[placeOf(path)] === placeOf(target)
/** A limit is a fact, as a type is. */
const isCoreConstant = ({ target, names }: Import): boolean =>
  target.startsWith('core/') && names.every((name) => /^[A-Z][A-Z0-9_]*$/.test(name))

/** Reads the composed house from the global it is published under, and says what it is. */
const HOUSE_READER = 'app/_lib/house.ts'

const FRAMEWORKS = new Set(['next', 'react', 'react-dom', 'oidc-provider'])
const isDatabase = ({ target }: Import): boolean =>
  target === 'pg' || target.startsWith('@prisma/') || target.startsWith('generated/')

const ENVIRONMENT_READERS = /^(server\/config\.ts|scripts\/|app\/preview\/|next\.config\.js|prisma\.config\.ts)/
const BANNED_NAMES = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'misc'])
const BANNED_ENDINGS = /-(utils?|helpers?|manager)$/
const MOST_LINES = 300

export const RULES: Readonly<Record<string, Rule>> = {
  'core stands alone: no framework, no input or output, no other room': onImports(
    productIn('core'),
    (one) =>
      one.isPackage
        ? CORE_PACKAGES.has(one.target) || isPureNode(one)
        : one.target.startsWith('core/') || isCatalogue(one),
    'core may import core, words, zod, css-tree, intl-messageformat and pure functions of node:crypto and node:net',
  ),
  'capabilities of core meet in their front rooms': onImports(
    productIn('core'),
    (one, { path }) =>
      one.isPackage ||
      !one.target.startsWith('core/') ||
      placeOf(one.target) === placeOf(path) ||
      isShared(one) ||
      isFrontRoom(one) ||
      isSettingsSchema(one) ||
      isCoreType(one),
    "another capability's values come from its index.ts",
  ),
  'an adapter knows its own library and the ports of core': onImports(
    productIn('adapters'),
    (one, { path }) =>
      one.isPackage
        ? !FRAMEWORKS.has(one.target)
        : placeOf(one.target) === placeOf(path) ||
          isSharedPart(one, path) ||
          isShared(one) ||
          isCoreType(one) ||
          isSettingsSchema(one) ||
          isCoreConstant(one) ||
          isDatabase(one),
    'adapters import their own folder, core/shared, types and settings of core; never one another',
  ),
  'the server composes everything but pages': onImports(
    productIn('server'),
    ({ target }) => roomOf(target) !== 'app',
    'pages are reached through Next, not imported',
  ),
  'pages are given data, and reach nothing': onImports(
    productIn('app'),
    (one, { path }) =>
      one.isPackage
        ? one.target !== 'oidc-provider'
        : (path === HOUSE_READER && one.isTypeOnly) ||
          ['app', 'locales', 'themes'].includes(roomOf(one.target)) ||
          isShared(one) ||
          isCoreType(one),
    'app imports app, core/shared, locales, themes, and types of core',
  ),
  'words and looks depend on nothing but core/shared': onImports(
    (file) => productIn('locales')(file) || productIn('themes')(file),
    (one) => one.isPackage || roomOf(one.target) === 'locales' || roomOf(one.target) === 'themes' || isShared(one),
    'locales and themes import core/shared alone',
  ),
  'data is reached in adapters/postgres alone': onImports(
    (file) => isProduct(file) && !/^adapters\/(embedded-)?postgres\//.test(file.path),
    (one) => !isDatabase(one),
    'pg, Prisma and the generated client belong to adapters/postgres',
  ),
  // The library keys what it stores by class name, which bundlers erase; casts and inner access stay in one place.
  'oidc-provider is imported in server/oidc alone': onImports(
    (file) => isProduct(file) && !file.path.startsWith('server/oidc/'),
    ({ target }) => target !== 'oidc-provider',
    'oidc-provider belongs to server/oidc',
  ),
  'production code does not import tests': onImports(
    isProduct,
    ({ target }) => !target.startsWith('tests/') && !/\.test\.tsx?$/.test(target),
    'tests are not part of the product',
  ),
  'imports name files as they are': onImports(
    () => true,
    ({ isPackage, target }) => isPackage || /\.(ts|tsx|js|mjs|json|css)$/.test(target),
    'write the ending: Node resolves nothing by guess',
  ),
  'the environment is read in server/config.ts': (file) =>
    isTest(file) || ENVIRONMENT_READERS.test(file.path) || !/\bprocess\s*(\.|\?\.|\[\s*['"])\s*env\b/.test(file.code)
      ? []
      : ['process.env: configuration is parsed once and passed in'],
  'names say something': ({ path }) =>
    path
      .split('/')
      .map((part) => part.replace(/\..*$/, ''))
      .filter((name) => BANNED_NAMES.has(name) || BANNED_ENDINGS.test(name))
      .map((name) => `"${name}" names nothing`),
  // Folders under app are parts of addresses, and Cognito's are in camelCase.
  'names are kebab-case': ({ path }) =>
    path
      .split('/')
      .slice(roomOf(path) === 'app' ? -1 : 0)
      .filter(
        (part) => !/^(_?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*|\[[a-zA-Z.]+\])$/.test(part) && !part.startsWith('.'),
      )
      .map((part) => `"${part}" is not kebab-case`),
  'JSX lives in app': ({ path }) =>
    path.endsWith('.tsx') && roomOf(path) !== 'app'
      ? ['Node runs the server half as it is, and does not read .tsx']
      : [],
  'files stay short': ({ lines }) =>
    lines > MOST_LINES ? [`${lines} lines: look for the second subject hiding in it`] : [],
}
