import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { bitsOf, mmdbFile } from '#tests/support/mmdb-file.ts'
import { mmdbPlaces } from './mmdb-places.ts'
import { readPlace } from './read-place.ts'

const folder = mkdtempSync(join(tmpdir(), 'portico-places-'))
after(() => rmSync(folder, { recursive: true }))

describe('places from the file that ships', () => {
  const places = mmdbPlaces(null)

  it('are nowhere for what is no address, and for addresses of nowhere in particular', () => {
    for (const ip of ['', 'localhost', '1.2.3', '1.2.3.4, 5.6.7.8', '::1%']) assert.equal(places.find(ip), null, ip)
    for (const ip of [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '100.64.0.1',
      '169.254.1.1',
      '0.0.0.0',
      '255.255.255.255',
    ])
      assert.equal(places.find(ip), null, ip)
    for (const ip of [
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '2001:db8::1',
      '::ffff:10.0.0.1',
      '::ffff:127.0.0.1',
    ])
      assert.equal(places.find(ip), null, ip)
  })

  it('are countries, for IPv4 and IPv6 and for IPv4 written as IPv6', () => {
    for (const [ip, country] of [
      ['193.0.6.139', 'NL'],
      ['84.140.7.9', 'DE'],
      ['::ffff:84.140.7.9', 'DE'],
      ['2003:e1:1:2::1', 'DE'],
      ['133.11.0.1', 'JP'],
    ] as const)
      assert.deepEqual(places.find(ip), { country, city: null, lat: null, lon: null, accuracyKm: null }, ip)
  })
})

const CITY = {
  country: { iso_code: 'FR', names: { en: 'France' } },
  city: { names: { en: 'Lyon', fr: 'Lyon' } },
  location: { latitude: 45.75, longitude: 4.85, accuracy_radius: 20 },
}
const written = (name: string, bytes: Buffer): string => {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  return file
}

describe("places from the operator's file", () => {
  it('are cities where the file has them, in IPv4 and IPv6', () => {
    const ipv4 = [...Array.from({ length: 12 }, () => 0), 81, 64]
    const file = written(
      'city.mmdb',
      mmdbFile(6, [
        { bits: bitsOf(ipv4, 112), record: CITY },
        { bits: bitsOf([0x2a, 0x01, 0x0e], 24), record: { country: { iso_code: 'FR' } } },
      ]),
    )
    const places = mmdbPlaces(file)
    for (const ip of ['81.64.1.1', '::ffff:81.64.1.1'])
      assert.deepEqual(places.find(ip), { country: 'FR', city: 'Lyon', lat: 45.75, lon: 4.85, accuracyKm: 20 }, ip)
    assert.deepEqual(places.find('2a01:e00::1')?.city, null)
    for (const ip of ['81.65.1.1', '2a02::1']) assert.equal(places.find(ip), null, ip)
  })

  it('are nowhere for IPv6 where the file knows IPv4 alone, whatever its first bits are', () => {
    const places = mmdbPlaces(
      written('ipv4.mmdb', mmdbFile(4, [{ bits: bitsOf([42], 8), record: { country_code: 'JP' } }])),
    )
    assert.equal(places.find('42.1.2.3')?.country, 'JP')
    assert.equal(places.find('2a01:e00::1'), null)
  })

  it('cannot be had from a file that is missing or is no such file', () => {
    assert.throws(() => mmdbPlaces(join(folder, 'none.mmdb')).load(), /ENOENT/)
    const file = join(folder, 'text.mmdb')
    writeFileSync(file, 'not a database')
    assert.throws(() => mmdbPlaces(file).load())
  })
})

describe('a record as a place', () => {
  it('is nowhere without a country that is one', () => {
    for (const record of [
      null,
      undefined,
      7,
      'DE',
      {},
      { country: {} },
      { country_code: '' },
      { country_code: 'ZZ' },
      { country_code: 'Germany' },
      { country: { iso_code: 'A1' } },
    ])
      assert.equal(readPlace(record), null, JSON.stringify(record))
  })
  it('reads the nested shape, as GeoLite2 and DB-IP write it', () => {
    assert.deepEqual(
      readPlace({
        country: { iso_code: 'FR', names: { en: 'France' } },
        city: { names: { de: 'Lyon (Rhône)', en: 'Lyon' } },
        location: { latitude: 45.7, longitude: 4.8, accuracy_radius: 20, time_zone: 'Europe/Paris' },
      }),
      { country: 'FR', city: 'Lyon', lat: 45.7, lon: 4.8, accuracyKm: 20 },
    )
  })
  it('reads the flat shape, numbers as text too', () => {
    assert.deepEqual(readPlace({ country_code: 'fr', city: 'Lyon', latitude: '45.7', longitude: '4.8' }), {
      country: 'FR',
      city: 'Lyon',
      lat: 45.7,
      lon: 4.8,
      accuracyKm: null,
    })
  })
  it('takes the middle of a country for no place, nor half a point, nor one off the globe', () => {
    const nowhere = { country: 'FR', city: null, lat: null, lon: null, accuracyKm: null }
    for (const location of [
      { latitude: 46, longitude: 2 },
      { latitude: 46 },
      { latitude: 91, longitude: 2, accuracy_radius: 5 },
      { latitude: '', longitude: '', accuracy_radius: 5 },
      { latitude: null, longitude: null, accuracy_radius: 5 },
    ])
      assert.deepEqual(readPlace({ country: { iso_code: 'FR' }, location }), nowhere, JSON.stringify(location))
  })
  it('falls back to the country in which the network is registered', () => {
    assert.equal(readPlace({ registered_country: { iso_code: 'SE' } })?.country, 'SE')
  })
  it('keeps names of cities short', () => {
    assert.equal(readPlace({ country_code: 'FR', city: 'x'.repeat(1e5) })?.city?.length, 80)
  })
})
