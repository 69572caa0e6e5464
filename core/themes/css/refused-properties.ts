import { type CssProblem, problem } from './css-note.ts'

const REFUSED: readonly (readonly [RegExp, CssProblem])[] = [
  [
    /^(?:position|top|right|bottom|left|inset.*|z-index|transform.*|translate|rotate|scale|float|order|offset.*|grid.*|flex.*|direction|unicode-bidi|writing-mode|animation.*|zoom)$/,
    problem('property-moves', 'moving things could make the page look like another one'),
  ],
  [
    /^(?:display|visibility|clip.*|mask.*|filter|backdrop-filter|mix-blend-mode|pointer-events|overflow.*|-webkit-text-security|-webkit-text-fill-color|text-indent|appearance|-webkit-appearance|user-select|-webkit-user-select|content-visibility|opacity)$/,
    problem('property-hides', 'this could hide what has to be seen or change what can be done'),
  ],
  [
    /^(?:background-.*|list-style.*|cursor|border-image.*|content|src|behavior|-moz-binding|shape-outside|quotes|counter-.*)$/,
    problem(
      'property-loads',
      'this could load or say something of its own',
      'upload images as the theme’s logo or favicon',
    ),
  ],
  [
    /^(?:font|font-family)$/,
    problem('property-unknown', 'fonts are chosen in the theme’s settings', 'set fontText or fontCode there'),
  ],
]

/** Why a property that is on no list stays out, in the words of what it could do. */
export const whyRefused = (name: string): CssProblem =>
  REFUSED.find(([pattern]) => pattern.test(name))?.[1] ??
  problem('property-unknown', `"${name}" is not on the list of properties`)
