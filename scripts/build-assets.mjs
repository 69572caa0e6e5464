/**
 * Builds what the hosted pages load: the stylesheet (Tailwind's CLI), the two fonts, the marks of identity providers, the
 * enhancement scripts.
 * Files are named by their content and served for ever; `public/assets/manifest.json` maps plain names to them.
 *
 *   node scripts/build-assets.mjs [--help]
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROVIDER_MARKS } from '../app/_lib/provider-marks.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(root, 'public/assets')
const fontsOf = (face) => join(root, `node_modules/@fontsource-variable/${face}/files`)

const FONT = /url\("?font:([a-z0-9-]+\.woff2)"?\)/g

/** Writes under `name.hash.ext` and returns that name. */
const keep = (written, name, content) => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const file = name.replace(/(\.[a-z0-9]+)$/, `.${hash}$1`)
  writeFileSync(join(target, file), content)
  written.set(name, file)
  return file
}

const compileStyles = () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-assets-'))
  try {
    const out = join(folder, 'portico.css')
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/@tailwindcss/cli/dist/index.mjs'),
        ...['--input', join(root, 'app/styles/portico.css'), '--output', out, '--minify'],
      ],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    return readFileSync(out, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const ICONS = join(root, 'node_modules/bootstrap-icons')

/** The paths of one picture; anything else in it, or a picture of another size, stops the build. */
const pathsOf = (icon) => {
  const svg = readFileSync(join(ICONS, `icons/${icon}.svg`), 'utf8')
  const [, inside = ''] = /^<svg [^>]*viewBox="0 0 16 16">(.*)<\/svg>\s*$/s.exec(svg) ?? []
  const paths = inside.trim().split(/\n\s*/)
  if (paths.some((path) => !/^<path (?:(?:d|fill-rule|clip-rule)="[\w\s.,-]+" ?)+\/>$/.test(path)))
    throw new Error(`bootstrap-icons: ${icon}.svg is not made of paths alone`)
  return paths.join('')
}

/** All marks in one file, loaded once and kept: a page shows one by its name, in the colour of the words beside it. */
const drawMarks = () => {
  const licence = readFileSync(join(ICONS, 'LICENSE'), 'utf8').trim()
  const symbols = Object.entries(PROVIDER_MARKS).map(
    ([key, icon]) => `<symbol id="${key}" viewBox="0 0 16 16" fill="currentColor">${pathsOf(icon)}</symbol>`,
  )
  return `<!--\nBootstrap Icons\n${licence}\n-->\n<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`
}

const build = () => {
  mkdirSync(target, { recursive: true })
  const written = new Map()
  const styles = compileStyles().replace(FONT, (_, file) => {
    const face = file.replace(/-latin-.*$/, '')
    return `url(${keep(written, file, readFileSync(join(fontsOf(face), file)))})`
  })
  keep(written, 'portico.css', styles)
  keep(written, 'providers.svg', drawMarks())
  for (const name of ['portico', 'passkeys']) {
    const script = stripTypeScriptTypes(readFileSync(join(root, `app/_script/${name}.ts`), 'utf8'))
    keep(written, `${name}.js`, script)
  }

  const addresses = Object.fromEntries([...written].map(([name, file]) => [name, `/assets/${file}`]))
  writeFileSync(join(target, 'manifest.json'), `${JSON.stringify(addresses, null, 2)}\n`)
  const current = new Set([...written.values(), 'manifest.json'])
  for (const file of readdirSync(target)) if (!current.has(file)) rmSync(join(target, file))
  return addresses
}

if (process.argv.includes('--help'))
  console.log('Usage: node scripts/build-assets.mjs\nWrites public/assets/ and its manifest.json.')
else console.log(Object.values(build()).join('\n'))
