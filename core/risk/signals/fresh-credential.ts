import { ramp, type Signal, tells } from '../signal.ts'

const DAY = 24 * 3600

/** Password, factor or recovery address changed within a day, and now a device that was not there: how a takeover goes on. */
export const freshCredential: Signal = ({ credentialChangedAt, request, device }) => {
  if (credentialChangedAt === null || device !== null) return null
  const seconds = (request.at.getTime() - credentialChangedAt.getTime()) / 1000
  return tells(1 - ramp(Math.max(0, seconds), 0, DAY), 'freshCredential')
}
