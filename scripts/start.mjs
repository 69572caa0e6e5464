import { existsSync } from 'node:fs'
import { handOver } from './hand-over.mjs'
import { prepare } from './prepare.mjs'

if (process.argv.includes('--help')) {
  console.log(`npm start         install, build and run Portico; quick when nothing changed
npm run dev       the same with Next.js in development mode: pages reload as you edit
Settings are environment variables, also read from .env (see .env.example). Stop with Ctrl-C.`)
} else {
  const isDevelopment = process.argv.includes('--dev')
  const node = prepare({ pages: !isDevelopment })
  const settings = existsSync('.env') ? ['--env-file=.env'] : []
  handOver(node, [...settings, 'server/main.ts', ...process.argv.slice(2)], {
    NODE_ENV: isDevelopment ? 'development' : 'production',
    NODE_COMPILE_CACHE: '.portico/cache/node', // code compiled at one start is there for the next
  })
}
