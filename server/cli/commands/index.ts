import type { Command } from '../command.ts'
import { applyCommands } from './apply.ts'
import { clientCommands } from './clients.ts'
import { groupCommands } from './groups.ts'
import { idpCommands } from './idps.ts'
import { poolCommands } from './pools.ts'
import { resourceServerCommands } from './resource-servers.ts'
import { userEvents, userFeedback } from './user-events.ts'
import { userFactorCommands } from './user-factors.ts'
import { userIdentityCommands } from './user-identities.ts'
import { userCommands } from './users.ts'

/** Everything `portico` can do, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  ...poolCommands,
  ...clientCommands,
  ...resourceServerCommands,
  ...idpCommands,
  ...userCommands,
  userEvents,
  userFeedback,
  ...userFactorCommands,
  ...userIdentityCommands,
  ...groupCommands,
  ...applyCommands,
]
