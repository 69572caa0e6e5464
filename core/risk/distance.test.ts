import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aPlace } from '#tests/support/risk-facts.ts'
import { COUNTRY_CIRCLES } from './country-circles.ts'
import { distanceKm, leastDistanceKm } from './distance.ts'

/** Capitals and far corners, to hold the circles to the world. */
const PLACES: [country: string, lat: number, lon: number][] = [
  ['DE', 52.5, 13.4],
  ['FR', 41.9, 8.7],
  ['GB', 60.2, -1.3],
  ['US', 38.9, -77],
  ['US', 61.2, -149.9],
  ['US', 21.3, -157.9],
  ['ES', 28.1, -15.4],
  ['PT', 37.7, -25.7],
  ['RU', 43.1, 131.9],
  ['RU', 54.7, 20.5],
  ['AU', -31.9, 115.9],
  ['BR', -8.1, -34.9],
  ['JP', 43.1, 141.4],
  ['JP', 26.2, 127.7],
  ['NZ', -36.9, 174.8],
  ['IN', 11.7, 92.7],
  ['EG', 30, 31.2],
  ['XK', 42.7, 21.2],
  ['GF', 4.9, -52.3],
]

describe('the circles of countries', () => {
  it('are circles, in every country', () => {
    assert.ok(Object.keys(COUNTRY_CIRCLES).length > 240)
    for (const [country, circles] of Object.entries(COUNTRY_CIRCLES)) {
      assert.match(country, /^[A-Z]{2}$/)
      assert.ok(circles.length > 0, country)
      for (const [lat, lon, radius, ...more] of circles)
        assert.ok(
          Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && radius > 0 && radius < 5000 && more.length === 0,
          country,
        )
    }
  })
  it('hold the capitals and the far corners', () => {
    for (const [country, lat, lon] of PLACES) {
      const isInside = COUNTRY_CIRCLES[country]?.some(([a, b, radius]) => distanceKm(a, b, lat, lon) <= radius)
      assert.ok(isInside, `${country} ${lat} ${lon}`)
    }
  })
})

describe('the least distance', () => {
  it('is unknown for countries without a circle', () => {
    assert.equal(leastDistanceKm(aPlace(), aPlace({ country: 'XX' })), null)
  })
  it('is nothing between neighbours and within a country, and the gap between others', () => {
    for (const country of ['DE', 'FR', 'DK']) assert.equal(leastDistanceKm(aPlace(), aPlace({ country })), 0, country)
    const toUs = leastDistanceKm(aPlace(), aPlace({ country: 'US' })) ?? 0
    assert.ok(toUs > 3000 && toUs < 6000)
  })
  it('is never more than the distance between two places of the countries', () => {
    for (const [a, lat1, lon1] of PLACES)
      for (const [b, lat2, lon2] of PLACES)
        assert.ok(
          (leastDistanceKm(aPlace({ country: a }), aPlace({ country: b })) ?? 0) <= distanceKm(lat1, lon1, lat2, lon2),
          `${a} ${b}`,
        )
  })
  it('between points leaves out how badly addresses are placed', () => {
    const berlin = aPlace({ lat: 52.5, lon: 13.4, accuracyKm: 100 })
    const munich = aPlace({ lat: 48.1, lon: 11.6 })
    assert.equal(Math.round((leastDistanceKm(berlin, munich) ?? 0) / 10), 36)
    assert.equal(leastDistanceKm(berlin, aPlace()), 0)
  })
  it('survives antipodes and the date line', () => {
    assert.equal(Math.round(distanceKm(0, 0, 0, 180)), 20015)
    assert.ok(distanceKm(-17, 179.9, -17, -179.9) < 25)
  })
})
