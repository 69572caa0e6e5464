import { existsSync } from 'node:fs'

// For `node --import`: what `--env-file-if-exists=.env` does, without its word to everybody who has none. The environment wins.
if (existsSync('.env')) process.loadEnvFile('.env')
