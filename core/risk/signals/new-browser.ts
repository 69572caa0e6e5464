import { agentOf } from '../agent.ts'
import { knows } from '../profile.ts'
import { type Signal, tells } from '../signal.ts'

/** A browser and system that the person never used before. No user agent at all is left to `automation`. */
export const newBrowser: Signal = ({ request, profile }) => {
  const agent = agentOf(request.userAgent)
  if (agent === null || profile.agents.length === 0) return null
  return knows(profile.agents, agent) ? null : tells(1, 'newBrowser', { browser: agent })
}
