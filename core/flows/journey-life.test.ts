import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOON } from '#tests/support/builders.ts'
import { aJourney, ann, GOOD_PASSWORD, type Journey } from '#tests/support/journey.ts'
import { LONGEST_JOURNEY_SECONDS } from './journey-life.ts'

const MINUTE = 60
const secondsLeft = async (journey: Journey, waited: number) =>
  ((await journey.flow()).expiresAt - NOON.getTime()) / 1000 - waited
const changeLanguage = { _intent: 'language', lang: 'de' }

describe('a journey', () => {
  it('waits an hour anew after each step that goes well', async () => {
    const journey = await aJourney({ people: [ann()] })
    journey.wait(50 * MINUTE)
    await journey.post(changeLanguage)
    assert.equal(await secondsLeft(journey, 50 * MINUTE), 60 * MINUTE)
    journey.wait(50 * MINUTE)
    await journey.post({ username: 'ann@example.com', password: GOOD_PASSWORD })
    assert.equal((await journey.flow()).step, 'done')
    assert.equal(await secondsLeft(journey, 100 * MINUTE), 60 * MINUTE)
  })

  it('is not kept alive by guesses', async () => {
    const journey = await aJourney({ people: [ann()] })
    journey.wait(50 * MINUTE)
    await journey.post({ username: 'ann@example.com', password: 'wrong' })
    assert.equal(await secondsLeft(journey, 50 * MINUTE), 10 * MINUTE)
  })

  it('is over three hours after it began, whatever happens in it', async () => {
    const journey = await aJourney()
    for (let waited = 50 * MINUTE; waited < LONGEST_JOURNEY_SECONDS; waited += 50 * MINUTE) {
      journey.wait(50 * MINUTE)
      await journey.post(changeLanguage)
      assert.equal(await secondsLeft(journey, waited), Math.min(60 * MINUTE, LONGEST_JOURNEY_SECONDS - waited))
    }
  })
})
