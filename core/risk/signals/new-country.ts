import { knows } from '../profile.ts'
import { type Signal, surprise, tells } from '../signal.ts'

const LEAST_LEFT = 0.3

/** A country from which the person never signed in. Nothing is said where the place is not known. */
export const newCountry: Signal = ({ request: { place }, profile }) => {
  if (place === null || profile.countries.length === 0 || knows(profile.countries, place.country)) return null
  return tells(surprise(profile.novelty.country, LEAST_LEFT), 'newPlace', {
    country: place.country,
    city: place.city ?? '',
  })
}
