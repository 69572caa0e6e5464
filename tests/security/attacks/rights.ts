import { at, type Rows } from './row.ts'

const AWS_API = 'the AWS-shaped API'

/** Tokens, tenants, load: rows 75 to 96. */
export const RIGHTS: Rows = {
  75: [
    at('tests/security/tokens.test.ts', 'is honoured as it was given, and in no other form'),
    at('tests/protocol/sessions.test.ts', 'that this pool did not sign is refused'),
  ],
  76: { later: 'client assertions' },
  77: [
    at(
      'tests/protocol/code.test.ts',
      'works with its own verifier, redirect address and app alone',
      'takes no verifier when it was asked for without a challenge',
    ),
    at('tests/protocol/authorize.test.ts', 'is S256 or nothing'),
  ],
  78: [
    at('tests/protocol/machine.test.ts', 'gets no scope that is not its own, that nobody has, or that is a person’s'),
    at('tests/protocol/authorize.test.ts', 'may ask for the client’s scopes alone'),
    at('core/flows/steps/consent.test.ts', 'is never more than was asked for, whatever the form says'),
  ],
  79: { later: 'device authorization' },
  80: [
    at('tests/security/tokens.test.ts', 'opaque ones are found whole or not at all'),
    at('tests/protocol/refresh.test.ts', 'needs a whole token'),
  ],
  81: [at('core/tokens/claims.test.ts', 'never touch a reserved one, by adding or by suppressing')],
  82: { later: 'token exchange' },
  83: [
    at(
      'tests/security/tokens.test.ts',
      'a resource indicator changes nothing of a token',
      'registers no clients: there is no such door, and discovery names none',
    ),
  ],
  84: [
    at('tests/security/tokens.test.ts', 'its secret rests nowhere, as a whole or in part'),
    at('tests/security/log.test.ts', 'whole journeys leave nothing in the log that opens a door or names a person'),
  ],
  85: [
    at(
      'adapters/secrets/key-ring.test.ts',
      'is compared whole: no beginning of it, no empty one, no longer one is equal',
    ),
  ],
  86: [at('tests/security/tokens.test.ts', 'and everything of its sign-in end at once when either token is revoked')],
  87: {
    later: AWS_API,
    until: [
      at('tests/contract/flows.test.ts', 'keeps pools apart: the same id in two pools is two journeys'),
      at('tests/contract/artifacts.test.ts', 'are judged by the person of their own pool'),
      at('tests/security/tokens.test.ts', 'of another pool is a stranger’s, whatever it says'),
    ],
  },
  88: { later: AWS_API },
  89: [
    at(
      'tests/security/requests.test.ts',
      'is 404, whatever is asked of it, and says nothing but a reference',
      'in production is the inbox and the preview too',
    ),
    at('server/locate.test.ts', 'of a pool’s id, of a flow’s id, of a step'),
  ],
  90: { later: 'identity pools' },
  91: { later: AWS_API, until: [at('core/users/attributes.test.ts')] },
  92: { later: 'identity pools' },
  93: { later: 'sync' },
  94: [at('tests/security/requests.test.ts', 'tells a stranger nothing of how many or who')],
  95: [
    at(
      'tests/security/hosts.test.ts',
      'is not let in to what a client gets unless the client names it, and never when it is null',
    ),
  ],
  96: [
    at(
      'server/http-server.test.ts',
      'whose headers never end is cut off',
      'whose body never comes is cut off',
      'whose headers are too large is refused',
    ),
    at(
      'tests/security/requests.test.ts',
      'too large, of another type or without a length is refused at every door that takes one',
    ),
    at('adapters/hash/bounded-queue.test.ts'),
    at('core/flows/check-code.test.ts', 'takes time in step with its length'),
  ],
}
