import { at, type Rows } from './row.ts'

/** Identities of others, and accounts that they are connected to: rows 60 to 65. */
export const FEDERATION: Rows = {
  60: [
    at('core/federation/link-decision.test.ts'),
    at(
      'core/flows/federation/linking.test.ts',
      'is offered and not given: it has to be proven, and the last word is asked for (attacks 60, 61)',
      'is not offered for an address that the provider has not verified, or is not believed with (attack 60)',
    ),
    at(
      'core/flows/federation/federation.walk.test.ts',
      'who knows no password gets into no account that was there, and connects nothing to it',
    ),
    at(
      'core/flows/federation/welcome.test.ts',
      'is found by no name: neither a password nor a code leads around the provider',
    ),
  ],
  61: [
    at('core/flows/federation/linking.test.ts', 'is not connected when somebody else is proven in its place'),
    at(
      'core/flows/federation/federation.walk.test.ts',
      'who knows one password connects identities to that account alone',
    ),
  ],
  62: [
    at(
      'core/flows/federation/there-and-back.test.ts',
      'does not happen for a provider that is unknown, switched off, for connecting alone, or not the app’s',
    ),
    at('core/federation/link-decision.test.ts'),
  ],
  63: [at('adapters/upstream-oidc/upstream-oidc.attacks.test.ts')],
  64: [
    at('core/federation/federated-profile.test.ts', 'gives a domain that two claim to neither (attack 64)'),
    at(
      'tests/contract/providers.test.ts',
      'are told apart whatever their letter case, and their identifiers too; of twenty at once exactly one wins',
    ),
  ],
  65: [
    at('core/federation/link-decision.test.ts', 'signs its owner in, whatever address it has by now (attack 65)'),
    at(
      'tests/contract/identities.test.ts',
      'of two pools never meet: the same provider and subject are two people',
      'go with their person and with their provider: neither name gives them to the next',
    ),
  ],
}
