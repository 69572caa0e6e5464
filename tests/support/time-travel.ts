import type { Estate } from './estate.ts'

/** Time passes for what one pool has stored: rows move into the past, the clock stays. */
export const timeTravel = ({ database, secrets }: Pick<Estate, 'database' | 'secrets'>, poolId: string) => {
  const run = (text: string, values: unknown[]) => database.pool.query(text, [poolId, ...values])
  return {
    /** Codes and links sent so far are this many minutes older. */
    ageCodes: (minutes: number) =>
      run(
        `UPDATE one_time_code SET created_at = created_at - $2::interval, expires_at = expires_at - $2::interval WHERE pool_id = $1`,
        [`${minutes} minutes`],
      ),
    /** The pool's journeys ran out a second ago: what is long dead would be swept away under the test. */
    expireJourneys: () => run('UPDATE flow SET expires_at = $2 WHERE pool_id = $1', [Date.now() - 1000]),
    expireTemporaryPasswords: () =>
      run(`UPDATE password SET expires_at = now() - interval '1 minute' WHERE pool_id = $1`, []),
    /** The waits for another code are over. The version stays, so forms on screen remain good. */
    async endWaits(): Promise<void> {
      const { rows } = await run('SELECT id, state FROM flow WHERE pool_id = $1', [])
      for (const { id, state } of rows as { id: string; state: { sealed: string } }[]) {
        const opened = JSON.parse(secrets.open('flow', `${poolId}|${id}`, state.sealed)) as { sentAt: number[] }
        const older = { ...opened, sentAt: opened.sentAt.map((at) => at - 180_000) }
        const sealed = secrets.seal('flow', `${poolId}|${id}`, JSON.stringify(older))
        await run('UPDATE flow SET state = $3::jsonb WHERE pool_id = $1 AND id = $2', [id, JSON.stringify({ sealed })])
      }
    },
  }
}
