import type { Departure } from '#core/federation/ports.ts'
import { postField } from './post-binding.ts'
import { type MessageField, redirectUrl } from './redirect-binding.ts'
import { type PoolKey, signMessage } from './sign-message.ts'

/**
 * A message on its way with the browser: signed in the query, or inside the form's document. RelayState goes along unchanged.
 *
 * @param key null: unsigned
 */
export const departure = (
  binding: 'redirect' | 'post',
  {
    location,
    field,
    xml,
    relayState,
  }: { location: string; field: MessageField; xml: string; relayState: string | null },
  key: PoolKey | null,
): Departure =>
  binding === 'redirect'
    ? { kind: 'redirect', url: redirectUrl(location, field, xml, relayState, key?.privateKey ?? null) }
    : {
        kind: 'post',
        action: location,
        fields: {
          [field]: postField(key === null ? xml : signMessage(xml, key)),
          ...(relayState === null ? {} : { RelayState: relayState }),
        },
      }
