import { at, type Rows } from './row.ts'

/** Races, passwords, codes, accounts: rows 34 to 59. */
export const PEOPLE: Rows = {
  34: [
    at(
      'tests/protocol/code.test.ts',
      'works once; the second use is refused and ends all that the first one gave',
      'is redeemed by exactly one of fifty at once',
      'works with its own verifier, redirect address and app alone',
    ),
  ],
  35: [
    at(
      'tests/contract/codes.test.ts',
      'lets exactly one of fifty use a link, in each of fifty rounds',
      'lets exactly one of three siblings be used, by code or by link, however they arrive',
    ),
    at(
      'core/flows/confirm-by-link.test.ts',
      'works once: of fifty at the same time exactly one makes the account',
      'proves no address that was chosen after it left',
    ),
    at(
      'core/flows/steps/recovery.test.ts',
      'is not possible any more once a password was set elsewhere: a stolen code does not outlive the owner’s answer',
    ),
    at(
      'tests/security/journeys.test.ts',
      'needs the code of the mail, once, in any number of journeys',
      'confirms nothing by being opened, works once by its button, and signs in nobody elsewhere',
    ),
    at(
      'core/flows/steps/new-passkey.test.ts',
      'made for another journey adds nothing to this account: an answer is good for the page it was asked on',
      'is kept once, however often its answer is posted at the same time',
    ),
    at('core/flows/steps/passkey.test.ts', 'cannot be played again: every post, right or wrong, uses the challenge up'),
    at('tests/protocol/passkeys.test.ts', 'cannot be played again, in this journey or another'),
    at(
      'core/flows/answer-by-link.test.ts',
      'changes nothing by being looked at',
      'is heard once: the second tab is told that it was answered',
      'is over after seven days',
      'is none for who was deleted since',
    ),
  ],
  36: [
    at('core/flows/send-code.test.ts', 'is bound to what it is for, to whom it was sent, and a link to its pool'),
    at('tests/contract/codes.test.ts', 'refuses a code nobody was sent, and one of another purpose, subject or pool'),
    at(
      'adapters/secrets/key-ring.test.ts',
      'opens for its purpose and its row alone',
      'differs by secret, purpose and value, and is the same every time',
    ),
    at('core/flows/answer-by-link.test.ts', 'is none where it was made for something else'),
  ],
  37: [
    at('tests/contract/budgets.test.ts', 'let exactly the limit through of fifty at once'),
    at('core/sign-in/sign-in-with-password.test.ts', 'in parallel lets no more through than one after the other'),
    at('tests/security/locks.test.ts', 'is not passed by guessing in parallel'),
    at(
      'core/flows/steps/second-factor.test.ts',
      'takes one of fifty who send the same code at once, in each of 50 rounds',
      'counts guesses over all journeys and factors of the person, before it compares',
    ),
    at('core/flows/steps/recovery-code.test.ts', 'is told once, whoever else sends the same code at the same moment'),
    at(
      'tests/contract/factors.test.ts',
      'use a time step once: of fifty at once exactly one, in each of 50 rounds, and never an earlier one',
    ),
  ],
  40: { later: 'client assertions' },
  41: [
    at(
      'core/flows/submit-step.walk.test.ts',
      'who knows no password and reads no mail never gets in, makes nobody, and changes no password',
      'who reads one person’s mail gets in as nobody else, and changes nobody else’s password',
    ),
    at('core/flows/steps/recovery.test.ts', 'is not reached without the code'),
    at('core/flows/submit-step.test.ts', 'reaches the page for a new password only from the page that takes the code'),
    at('tests/security/journeys.test.ts', 'is not shown and takes nothing'),
  ],
  42: [
    at(
      'tests/security/locks.test.ts',
      'dies of ten wrong guesses, over all journeys, and the page is the same for nobody',
    ),
    at('core/flows/steps/confirm-sign-up.test.ts', 'takes fifteen guesses an hour, over all codes of the journey'),
    at(
      'core/flows/steps/second-factor.test.ts',
      'counts guesses over all journeys and factors of the person, before it compares',
    ),
    at(
      'core/flows/steps/use-recovery-code.test.ts',
      'of another person, of another shape, or guessed, is refused and counted',
    ),
    at(
      'core/flows/steps/factor-code.test.ts',
      'dies after five wrong guesses of its journey, and ten of the person over all journeys',
      'is guessed five times by fifty who try at once, in each of 50 rounds',
    ),
    at('core/flows/steps/first-code.test.ts', 'counts guesses at a person over all journeys, before it compares'),
  ],
  43: [
    at('tests/security/locks.test.ts', 'is one for all names of a person, and all their spellings'),
    at(
      'core/sign-in/sign-in-with-password.test.ts',
      'counts the person, not the spelling: every name and every way to write it is one count',
    ),
  ],
  44: [
    at('tests/protocol/code.test.ts', 'gives nothing once its person is disabled, signed out everywhere or gone'),
    at(
      'core/flows/steps/own-password.test.ts',
      'takes five guesses an hour, over all journeys, the right one included',
    ),
  ],
  45: [
    at('tests/security/locks.test.ts', 'of one network leaves the owner alone in another'),
    at('core/sign-in/sign-in-with-password.test.ts', 'from one network does not lock the owner out in another'),
  ],
  46: [
    at(
      'core/flows/flows.enumeration.test.ts',
      'does not show in wrong passwords, nor in the lock that follows',
      'does not show in a forgotten password: asking, waiting for another code, guessing',
      'does not show in a sign-up: asking, waiting for another code, guessing',
    ),
    at('core/shared/failures.test.ts', 'masks everything that would tell whether an account exists'),
    at(
      'core/flows/steps/passkey.test.ts',
      'is asked for in the same words whoever has one: the options differ by the challenge alone, and list nobody',
      'of a closed account is refused like a wrong password, without a word about passkeys',
    ),
    at(
      'tests/protocol/passkeys.test.ts',
      'is asked for in the same bytes whether or not the name typed before has one',
    ),
    at(
      'tests/security/locks.test.ts',
      'is the same for somebody and nobody, to the byte, but for what was typed and what is random',
    ),
  ],
  47: [
    at('core/flows/flows.enumeration.test.ts', 'does not show in wrong passwords, nor in the lock that follows'),
    at(
      'core/sign-in/sign-in-with-password.test.ts',
      'hashes once for everybody: unknown, locked, disabled, without a password, and for no name at all',
    ),
  ],
  48: [
    at('tests/security/journeys.test.ts', 'is not reached by an empty form'),
    at(
      'core/flows/steps/second-factor.test.ts',
      'refuses an empty form, a wrong code, one of another time, and one that was used',
      'is never offered to somebody who has a factor',
    ),
    at(
      'core/flows/second-factor.walk.test.ts',
      'with every password gets in as whoever has no factor, and as nobody else',
      'with one person’s recovery codes gets in as that one, and takes the place of no app',
    ),
  ],
  49: [
    at('core/flows/submit-step.walk.test.ts', 'who holds everything reaches every page, and the proof says how'),
    at('core/flows/second-factor.walk.test.ts', 'with one person’s password and app gets in as that one'),
    at('core/factors/demand.test.ts'),
    at(
      'core/flows/steps/lost-factor.test.ts',
      'is too early before that, and too late a week after',
      'cannot wait where the pool does not have it, and is signed in by nothing on the page',
    ),
    at(
      'tests/protocol/device-cookie.test.ts',
      'spares nothing where the person did not ask to be remembered',
      'spares nobody else who uses the same browser',
      'spares nobody under whose name it is planted, in this pool or another',
      'is not taken over from who planted it: the sign-in makes a secret of its own',
    ),
  ],
  50: [
    at('core/factors/freshness.test.ts'),
    at(
      'core/flows/federation/unsolicited.test.ts',
      'is no answer to who wants a fresh authentication, or a level of the provider’s (attack 50)',
    ),
    at('tests/protocol/sessions.test.ts', 'shows the page again with max_age=0'),
    at(
      'tests/protocol/account-freshness.test.ts',
      'changes no password, and comes back from a new proof to do it',
      'neither removes a factor nor makes recovery codes',
    ),
  ],
  51: [
    at('core/flows/stolen-proofs.test.ts'),
    at(
      'core/account/directory-password.test.ts',
      'is not changed by the captured one, nor without one, nor without end',
      'is no way in that would let somebody leave the directory with it',
    ),
    at(
      'core/account/sensitive-acts.test.ts',
      'no password, factor, code, copy or account is touched',
      'needs the present one, counted before it is compared',
    ),
    at(
      'tests/protocol/account-freshness.test.ts',
      'keeps the last factor of a pool that demands one',
      'sets up no factor: the way to it asks who is there first',
    ),
    at(
      'core/flows/steps/own-password.test.ts',
      'is not possible with a live session alone',
      'asks first for a second factor that was not shown in the last ten minutes, and forgets no old password before',
    ),
    at(
      'core/flows/steps/lost-factor.test.ts',
      'is stopped by the link, once, and by the link alone',
      'is stopped by a sign-in with the factor that was said to be lost',
    ),
  ],
  52: [at('core/flows/steps/recovery-channel.test.ts'), at('core/factors/factors-of.test.ts')],
  53: [
    at('core/account/sensitive-acts.test.ts', 'never says that an address is proven, nor changes one without proof'),
    at('tests/protocol/account-changes.test.ts', 'takes what its page asks for, and nothing else that is posted'),
    at('core/flows/steps/sign-up.test.ts', 'asks for what the pool requires and takes nothing else from the form'),
    at('core/flows/steps/own-password.test.ts', 'are all that can be written there'),
    at('core/users/attributes.test.ts'),
  ],
  54: [
    at('core/flows/stolen-proofs.test.ts'),
    at('core/account/change-contact.test.ts'),
    at(
      'tests/protocol/account-changes.test.ts',
      'counts once its code came back; until then the old one stays',
      'is taken back by the link that went to the old one, once, and signs out everywhere',
    ),
    at('core/flows/steps/confirm-account.test.ts', 'proves no address but the one the code went to'),
    at('core/flows/steps/confirm-sign-up.test.ts', 'is forgotten when another address is chosen'),
    at('tests/security/journeys.test.ts', 'to confirm one address confirms no other that was chosen afterwards'),
  ],
  55: [
    at(
      'tests/protocol/account-changes.test.ts',
      'of somebody else, in any spelling, is answered alike and changes nothing; its owner is told',
    ),
    at('core/users/names.test.ts'),
    at(
      'core/flows/steps/sign-in.test.ts',
      'lets a person in with the right password, whatever the spelling of the name',
    ),
    at('core/flows/steps/sign-up.test.ts', 'refuses what is no address, an easy password, and says at which field'),
  ],
  56: [
    at('tests/security/journeys.test.ts', 'is what the app asked, whatever the browser adds later'),
    at(
      'tests/protocol/account.test.ts',
      'of others cannot be ended, whatever id is posted',
      'does nothing with the token of another session, a forged one, none, or from another site',
    ),
    at('tests/protocol/account-freshness.test.ts', 'removes no factor of somebody else'),
    at('tests/protocol/account-changes.test.ts', 'of others is neither shown nor judged', 'is nobody else’s'),
  ],
  57: [
    at(
      'tests/security/locks.test.ts',
      'go to one recipient five times an hour, whoever asks, from wherever, for whatever',
    ),
    at('core/flows/send-code.test.ts', 'stops silently for a network that has sent too much already'),
    at(
      'core/flows/steps/enrol-contact.test.ts',
      'sends five codes an hour to one number, from wherever they are asked for',
      'sends twenty an hour for one network, whoever they are for',
    ),
    at('core/messages/sms-destinations.test.ts'),
    at('core/flows/answer-by-link.test.ts', 'fills no mailbox: five in an hour'),
  ],
  58: [
    at('core/flows/steps/own-password.test.ts', 'replaces the temporary one and finishes the sign-in'),
    at('core/sign-in/sign-in-with-password.test.ts', 'refuses a temporary password from its last moment on'),
  ],
  59: [
    at('tests/security/journeys.test.ts', 'is refused at every door'),
    at('core/flows/steps/sign-up.test.ts', 'is refused where the pool is closed, whatever is posted'),
    at('core/flows/federation/only-providers.test.ts'),
  ],
}
