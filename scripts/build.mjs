import { prepare, say } from './prepare.mjs'

if (process.argv.includes('--help')) {
  console.log('npm run build     install, generate and build whatever changed; starts nothing')
} else {
  prepare({ pages: true })
  say('everything is built')
}
