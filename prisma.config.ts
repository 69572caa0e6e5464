import { defineConfig } from 'prisma/config'

/** For Prisma's own command line; `npm run db` needs neither it nor its downloads. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
})
