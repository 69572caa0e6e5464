import { at, type Rows } from './row.ts'

/** Identities of others, and accounts that they are connected to: rows 38, 39 and 60 to 65. */
export const FEDERATION: Rows = {
  38: [
    at(
      'core/flows/federation/there-and-back.test.ts',
      'is not taken for a state that is unknown, cut, guessed, or of a former departure',
      'is not taken twice, nor after the journey has run out (attack 38)',
      'is not taken in another pool, not even where that one has the very same journey (attack 38)',
      'is used once: of two that come for it one goes in',
      'is fetched by the browser that brought it alone (attacks 22, 38)',
    ),
    at(
      'tests/protocol/federation.test.ts',
      'is refused when the journey belongs to another browser (attack 38)',
      'is nobody else’s: whoever has another sign in at the provider gets none of it (attacks 22, 38)',
      'is refused with a state that nobody gave out, twice, or none (attacks 24, 38)',
    ),
    at(
      'tests/protocol/federation-saml.test.ts',
      'takes an answer once, and from the browser that left alone (attacks 38, 39)',
    ),
    at('tests/contract/unsolicited-identities.test.ts', 'go to one of fifty that come at once'),
    at(
      'adapters/upstream-oidc/upstream-oidc.answers.test.ts',
      'are good for one sign-in: the code does not work twice (attack 38)',
    ),
  ],
  39: [
    at('tests/security/saml/content.test.ts'),
    at('tests/contract/saml-facts.test.ts'),
    at(
      'tests/protocol/federation-saml.test.ts',
      'refuses an answer that nobody asked for',
      'is refused a second time, without an app, for an address that is not registered, and in another browser',
    ),
  ],
  60: [
    at('core/federation/link-decision.test.ts'),
    at(
      'core/flows/federation/directory.walk.test.ts',
      'is offered the account with the same address, which is proven by its own password',
      'gives no name that somebody has, and none that the directory is not believed about',
    ),
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
    at('core/flows/federation/whose-password.test.ts', 'is never asked of a directory that only connects (attack 62)'),
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
