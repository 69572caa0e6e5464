import { at, type Rows } from './row.ts'

const MFA = 'second factors'

/** Redirects, hosts, injection, sessions: rows 1 to 33. */
export const REQUESTS: Rows = {
  1: [
    at(
      'tests/security/redirects.test.ts',
      'that only looks like the registered one is refused on a page, and nobody is sent anywhere',
      'that is dangerous cannot be registered either',
    ),
  ],
  2: [at('core/clients/callback.test.ts', 'is one that was registered, character for character')],
  3: [
    at(
      'tests/security/redirects.test.ts',
      'that only looks like the registered one is refused on a page, and nobody is sent anywhere',
    ),
  ],
  4: [
    at(
      'tests/security/redirects.test.ts',
      'is not learned from the first request that names one',
      'must be named, also when there is only one',
    ),
  ],
  5: [
    at(
      'core/clients/callback.test.ts',
      'may have any port for a public app on a loopback IP address',
      'has the registered port on localhost, and for confidential apps',
    ),
  ],
  6: [
    at(
      'tests/security/redirects.test.ts',
      'that is dangerous cannot be registered either',
      'is one that the client registered, in each of the three ways to ask',
    ),
  ],
  7: [
    at(
      'tests/security/redirects.test.ts',
      'is refused at the authorization endpoint, whichever of the two is right',
      'is refused at sign-out, and nobody is sent anywhere',
    ),
    at('tests/protocol/authorize.test.ts', 'may not repeat a parameter'),
  ],
  8: [
    at(
      'tests/security/hosts.test.ts',
      'that is not ours is answered 421, before anything is looked at',
      'change no link in a message, no redirect, no cookie',
    ),
    at(
      'core/flows/send-code.test.ts',
      'queues message, code and event together, with a link of the configured address',
    ),
  ],
  9: [
    at(
      'tests/security/hosts.test.ts',
      'change no address in discovery',
      'change no link in a message, no redirect, no cookie',
    ),
  ],
  10: [
    at(
      'tests/security/hosts.test.ts',
      'an address that cannot be read is one network for everybody, and no way past a lock',
      'do not loosen the lock of an account: every guess counts for the same network',
    ),
    at(
      'server/client-address.test.ts',
      'is nobody’s when the proxy’s header is absent, too short or unreadable: never the peer’s, never a pass',
    ),
    at('core/limits/network.test.ts', 'is "unknown" for everything that cannot be read, and never nothing'),
  ],
  11: [
    at(
      'tests/security/redirects.test.ts',
      'is one that the client registered, in each of the three ways to ask',
      'is nobody’s where none is registered, and without a client leads to our own page',
      'cannot be slipped into the confirmation',
      'goes back to the registered address alone, and says whose it is',
    ),
    at('server/aliases.test.ts', 'begins an ordinary authorization request, with what people leave out filled in'),
    at('tests/protocol/language.test.ts', 'leads to no other place than a page of the pool'),
  ],
  12: [
    at('tests/security/tokens.test.ts', 'is honoured as it was given, and in no other form'),
    at('tests/protocol/authorize.test.ts', 'may not name another request, by value or by reference'),
  ],
  13: [
    at('adapters/guarded-fetch/guarded-fetch.addresses.test.ts'),
    at('adapters/guarded-fetch/guarded-fetch.test.ts'),
  ],
  14: [
    at(
      'tests/security/requests.test.ts',
      'comes back as text, never as markup, on pages and in errors',
      'is answered under a policy that runs nothing but our own',
    ),
  ],
  15: [at('tests/security/requests.test.ts', 'is answered under a policy that runs nothing but our own')],
  16: [
    at('tests/protocol/authorize.test.ts', 'is posted as a form when the app asks for form_post, errors included'),
    at('core/saml-idp/saml-app-settings.test.ts'),
    at(
      'tests/security/saml/idp-answers.test.ts',
      'has its state given back as text, whatever it looks like (attack 11)',
    ),
  ],
  17: [at('core/themes/compile-css.attacks.test.ts'), at('core/themes/compile-css.fuzz.test.ts')],
  18: [at('core/messages/compose.injection.test.ts')],
  19: [at('tests/contract/users.test.ts')],
  20: [
    at('adapters/directory-ldap/ldap-provider.test.ts', 'is asked with the login as one value'),
    at('tests/protocol/directory-ldap.test.ts', 'takes what was typed as a value, and never as a part of the filter'),
  ],
  21: [
    at(
      'tests/security/requests.test.ts',
      'of thousands of fields, of names of a prototype, of broken escapes is read as what it is',
    ),
    at('server/form-body.test.ts', 'may be called like parts of a prototype and stay fields'),
    at('core/flows/submit-step.test.ts', 'takes names of the prototype as the ordinary names they are not'),
    at('core/tokens/claims.test.ts', 'change nothing of what they are given, and are no way to a prototype'),
  ],
  22: [
    at(
      'tests/security/journeys.test.ts',
      'is not shown, takes no form, and does not end, however much of it is known',
      'begun there and finished by a victim signs nobody in at the attacker’s',
      'does not go on from a cookie planted in the victim’s browser',
    ),
    at(
      'tests/protocol/sessions.test.ts',
      'changes its name when somebody signs in: a cookie planted before is worth nothing after',
    ),
  ],
  23: [at('tests/security/journeys.test.ts', 'is what the app asked, whatever the browser adds later')],
  24: [
    at('tests/security/redirects.test.ts', 'goes back to the registered address alone, and says whose it is'),
    at(
      'adapters/upstream-oidc/upstream-oidc.answers.test.ts',
      'are not taken for another provider, whose sign-in began in the same browser (attack 24)',
      'do not bring an error of a provider that was not asked',
    ),
    at(
      'tests/protocol/federation.test.ts',
      'is refused with a state that nobody gave out, twice, or none (attacks 24, 38)',
    ),
  ],
  25: [
    at('tests/security/kept-factor.test.ts'),
    at(
      'core/flows/stolen-proofs.test.ts',
      'does not go on in a journey that was left open: not to a factor, nor to setting one up (attack 25)',
      'takes the page that changes a password with it',
    ),
    at(
      'core/flows/may-finish.test.ts',
      'is a no for who showed a password that was replaced since, and a yes on a session that went on',
    ),
    at(
      'tests/protocol/account.test.ts',
      'are ended one by one, with all their tokens, at once',
      'are ended all at once but this one',
      'closes with a sign-out, an end everywhere, a disabled account and a deleted one',
    ),
    at(
      'tests/protocol/account-changes.test.ts',
      'lose it at once when it is taken away',
      'closes it at once, can be taken back by mail, and signs nobody in to an app meanwhile',
      'comes when the time is there: the person is gone, the name is free, events keep the subject',
    ),
    at('tests/security/tokens.test.ts', 'is nobody at once, in every way: token, refresh, session and code'),
    at(
      'tests/contract/artifacts.test.ts',
      'are not found once the person is being deleted, or is gone',
      'are not found once the person signed out everywhere, and new ones are',
    ),
  ],
  26: [
    at(
      'core/flows/federation/directory.walk.test.ts',
      'opens nothing while the directory is asked: neither the password, by any name, nor a code',
    ),
    at(
      'core/flows/federation/there-and-back.test.ts',
      'comes too late for a provider that was switched off meanwhile (attack 26)',
    ),
    at('tests/protocol/federation.test.ts', 'ends the sign-ins of a provider that is switched off (attack 26)'),
    at('tests/security/tokens.test.ts', 'is nobody at once, in every way: token, refresh, session and code'),
    at('tests/protocol/code.test.ts', 'gives nothing once its person is disabled, signed out everywhere or gone'),
    at(
      'tests/protocol/client-authentication.test.ts',
      'is refused at once when disabled, and heard again when enabled',
    ),
    at('tests/contract/artifacts.test.ts', 'are not found while the person is disabled, and are again afterwards'),
    at(
      'tests/protocol/identity-providers.test.ts',
      'leaves no session, no refresh token and no access token of its people, and their apps are told',
    ),
  ],
  27: [
    at(
      'tests/protocol/refresh.test.ts',
      'which groups and attributes the person has today',
      'which scopes the app may have, whether it may refresh, and whether it is there',
    ),
  ],
  28: {
    later: MFA,
    until: [
      at(
        'core/flows/submit-step.walk.test.ts',
        'who knows no password and reads no mail never gets in, makes nobody, and changes no password',
      ),
    ],
  },
  29: [
    at(
      'tests/security/requests.test.ts',
      'is as good as none',
      'is a client’s error at every endpoint, never the server’s',
    ),
    at('server/cookies.test.ts', 'is absent from a header that makes no sense, which is no error'),
  ],
  30: [
    at('server/config.test.ts', 'names everything that is wrong at once, in form and in sense'),
    at('server/secret.test.ts', 'lets the database’s own secret in, and that alone, before anything is written'),
  ],
  31: [
    at(
      'core/flows/federation/there-and-back.test.ts',
      'remembers where to, and takes along a state that names the journey and that nobody can guess',
      'signs nobody in by being there: the browser that left has to come for it',
    ),
    at(
      'core/flows/federation/linking.test.ts',
      'is offered and not given: it has to be proven, and the last word is asked for (attacks 60, 61)',
    ),
  ],
  32: [
    at(
      'tests/protocol/sign-in-codes.test.ts',
      'is not used up by whoever opens it, however often',
      'signs in no other browser, and says where to go on: neither the owner’s for a stranger’s journey nor the reverse',
    ),
    at('tests/security/journeys.test.ts', 'ends once: its last address is worth nothing the second time'),
    at('tests/security/log.test.ts', 'whole journeys leave nothing in the log that opens a door or names a person'),
  ],
  33: [
    at(
      'tests/protocol/refresh.test.ts',
      'without grace lets one of ten through; a second use ends everything and is written down',
    ),
    at('tests/contract/artifacts.test.ts', 'are consumed by exactly one of fifty, in each of fifty rounds'),
  ],
}
