/** An honest provider in a process of its own, so that its work is not counted as ours: `{ departure }` in, `{ parameters }` out. */
import { startHostileProvider } from '#tests/support/hostile-provider.ts'

const provider = await startHostileProvider(() => Date.now() / 1000, process.argv[2] ?? '')
process.on('message', ({ departure }: { departure: string }) =>
  process.send?.({ parameters: provider.signIn(departure) }),
)
process.on('disconnect', () => process.exit())
process.send?.({ issuer: provider.issuer })
