import { agentOf } from '../agent.ts'
import { type Signal, tells } from '../signal.ts'

/**
 * A device cookie that comes from another browser than the one it was given to: cookies do not walk from Chrome to Firefox
 * or from Android to Windows by themselves. An update of the browser changes nothing here.
 */
export const borrowedDevice: Signal = ({ device, request }) =>
  device?.agent && agentOf(request.userAgent) !== device.agent ? tells(1, 'borrowedDevice') : null
