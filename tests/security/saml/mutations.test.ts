// Attack 66, without a plan: whatever is changed in a signed response, it says the same as before, or nothing.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { everyElement, MESSAGE_LIMITS, readXml } from '#adapters/saml/xml/read-xml.ts'
import { encryptedAssertion, honestResponse, signedAssertion, signedResponse } from '#tests/support/saml/test-idp.ts'
import { posted, REMEMBERED, testProvider } from '#tests/support/saml/test-provider.ts'
import { seededRandom } from '#tests/support/seeded-random.ts'

const ROUNDS = 150

type Mutate = (xml: string, random: ReturnType<typeof seededRandom>) => string

const characters: Mutate = (xml, random) => {
  const at = random.below(xml.length)
  const piece = random.pick(['', 'x', '<', '>', '"', '&', ' ', '/', '<a/>', '<!---->', '&amp;', '\r', '\u0000'])
  return xml.slice(0, at) + piece + xml.slice(at + random.below(3))
}

/** Copies one piece that looks like an element to somewhere between two tags. */
const pieces: Mutate = (xml, random) => {
  const starts = [...xml.matchAll(/<[a-z]+:([A-Za-z]+)[ >]/g)]
  const from = random.pick(starts)
  const end = xml.indexOf(`:${from[1]}>`, from.index)
  const piece = xml.slice(from.index, end + (from[1]?.length ?? 0) + 2).replaceAll('ann@', 'evil@')
  const gap = random.pick([...xml.matchAll(/></g)]).index + 1
  const without = random.below(2) === 0 ? xml : xml.replace(piece, '')
  return without.slice(0, gap) + piece + without.slice(gap)
}

const attributes: Mutate = (xml, random) => {
  const values = [...xml.matchAll(/="([^"]*)"/g)]
  const [from, to] = [random.pick(values), random.pick(values)]
  return `${xml.slice(0, from.index)}${to[0]}${xml.slice(from.index + from[0].length)}`
}

/** The document as a tree moved about: an element becomes the child of another. */
const trees: Mutate = (xml, random) => {
  const root = readXml(xml, MESSAGE_LIMITS)
  if (!root.ok) return xml
  const all = everyElement(root.value)
  const [moved, parent] = [random.pick(all), random.pick(all)]
  const copy = moved.cloneNode(true)
  if (random.below(2) === 0 && moved !== root.value && !everyElement(moved).includes(parent))
    moved.parentNode?.removeChild(moved)
  parent.insertBefore(copy, random.below(2) === 0 ? parent.firstChild : null)
  return String(root.value)
}

const finish = async (xml: string) => {
  const { provider } = testProvider({ encryptedAssertions: 'accepted', requireSignedResponse: false })
  return provider.finish(posted(xml), REMEMBERED)
}

describe('a signed SAML response with something changed', () => {
  const sources = [honestResponse(), signedResponse(encryptedAssertion(signedAssertion()))]
  const kinds = { characters, pieces, attributes, trees }
  for (const [name, mutate] of Object.entries(kinds))
    it(`says the same as before, or nothing: ${name}`, async (test) => {
      const random = seededRandom(name.length)
      const before = await finish(honestResponse())
      assert.ok(before.ok)
      let accepted = 0
      for (let round = 0; round < ROUNDS; round++) {
        const after = await finish(mutate(random.pick(sources), random))
        if (!after.ok) continue
        accepted += 1
        assert.deepEqual(after, before)
      }
      test.diagnostic(`${ROUNDS} changes → refused or the same → ${accepted} the same, ${ROUNDS - accepted} refused`)
    })
})
