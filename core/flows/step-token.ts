import type { KeyedHash } from '../shared/ports.ts'
import type { Flow } from './flow.ts'

/**
 * Hidden field of every form: proves that the form was drawn for this journey at this version (a CSRF token bound to the
 * flow cookie's secret), and tells a stale or repeated post from a fresh one.
 */
export const stepToken = (hashes: KeyedHash, flow: Pick<Flow, 'poolId' | 'id' | 'version' | 'secretHash'>): string =>
  hashes.of('step-token', `${flow.poolId}|${flow.id}|${flow.version}|${flow.secretHash}`)

/** How the flow cookie's secret is stored: bound to its pool and journey. */
export const secretHash = (hashes: KeyedHash, poolId: string, flowId: string, secret: string): string =>
  hashes.of('flow-secret', `${poolId}|${flowId}|${secret}`)

/** Whether a browser holds the journey: the secret in its flow cookie is the one that it was given when the journey began. */
export const holdsFlow = (
  hashes: KeyedHash,
  flow: Pick<Flow, 'poolId' | 'id' | 'secretHash'>,
  secret: string | undefined,
): boolean => secret !== undefined && hashes.equal(flow.secretHash, secretHash(hashes, flow.poolId, flow.id, secret))
