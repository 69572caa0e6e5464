import { COLOR_TOKENS } from '../palette.ts'
import type { Subject } from './check-selector.ts'
import { CONTROL_CLASSES } from './class-names.ts'
import { type CssProblem, problem } from './css-note.ts'
import { whyRefused } from './refused-properties.ts'
import {
  anyOf,
  colour,
  commas,
  type Grammar,
  type Kind,
  length,
  list,
  milliseconds,
  number,
  one,
  parts,
  percent,
  token,
  words,
} from './values.ts'

/** A property a stylesheet may set: what its value looks like and, where it matters, what it may be set on. */
export interface PropertyRule {
  grammar: Grammar
  place?: (subject: Subject) => CssProblem | null
}

export const SPACE_TOKENS = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `space-${step}`)
export const TEXT_TOKENS = ['text-sm', 'text-base', 'text-lg', 'text-h1']

const inherited = words('inherit')
const ground = anyOf(colour(), token(...COLOR_TOKENS), inherited)
const textColour = anyOf(colour({ opaque: true }), token(...COLOR_TOKENS), inherited)

const space = (most: number): Kind => anyOf(length({ least: 0, most }), token(...SPACE_TOKENS))
const padding = anyOf(space(128), percent(0, 25))
const margin = anyOf(space(128), words('auto'), percent(0, 25))

const borderWidth = anyOf(length({ least: 0, most: 8 }), words('thin', 'medium', 'thick'))
const borderStyle = words('none', 'solid', 'dashed', 'dotted', 'double')
const border = parts({ kind: borderWidth }, { kind: borderStyle }, { kind: ground })
const corner = anyOf(length({ least: 0, most: 64 }), percent(0, 50), token('radius'))

const isLogo = ({ classes }: Subject): boolean => classes.includes('logo-customizable')
const isControl = ({ classes }: Subject): boolean => classes.some((name) => CONTROL_CLASSES.has(name))
const isOrnament = ({ pseudoElement }: Subject): boolean => pseudoElement === 'before' || pseudoElement === 'after'

const only =
  (fits: (subject: Subject) => boolean, reason: string): NonNullable<PropertyRule['place']> =>
  (subject) =>
    fits(subject) ? null : problem('property-place', reason)

// 40 px, the floor for what is operated; Cognito's own pages go lower, so its classes may, down to WCAG's 24 (§2.5.8).
const controlHeight = anyOf(
  length({ least: 40, most: 120, units: ['px', 'rem'], toleratesFrom: 24 }),
  token('control-height'),
)
const logoSize = anyOf(length({ least: 8, most: 640, units: ['px', 'rem'] }), percent(5, 100), words('auto', 'none'))
const ornamentSize = anyOf(length({ least: 0, most: 128 }), percent(0, 100))
const boxWidth = anyOf(
  percent(20, 100),
  length({ least: 160, most: 640, units: ['rem'] }),
  token('column'),
  words('auto', 'none'),
)

const bySubject =
  (subjectKinds: readonly (readonly [fits: (subject: Subject) => boolean, grammar: Grammar])[]) =>
  (subject: Subject): Grammar | null =>
    subjectKinds.find(([fits]) => fits(subject))?.[1] ?? null

const widthOf = bySubject([
  [isLogo, one(logoSize)],
  [isOrnament, one(ornamentSize)],
  [() => true, one(boxWidth)],
])
const heightOf = bySubject([
  [isLogo, one(logoSize)],
  [isOrnament, one(ornamentSize)],
  [isControl, one(controlHeight)],
])

// 12 px is the least that can be read; the guard layer cannot raise a size it does not know, so the compiler does.
const fontSize = anyOf(
  length({ least: 12, most: 64, units: ['px', 'rem'], raises: true }),
  token(...TEXT_TOKENS),
  inherited,
)
const lineStyle = words('none', 'underline', 'solid', 'double', 'dotted', 'dashed', 'wavy')
const shadow: Grammar = parts(
  { kind: length({ least: -32, most: 32, units: ['px', 'rem'] }), most: 4 },
  { kind: anyOf(colour(), token(...COLOR_TOKENS)) },
  { kind: words('inset') },
)
const fading = words('color', 'background-color', 'border-color', 'box-shadow', 'outline-color', 'opacity', 'all')
const easing = words('ease', 'ease-in', 'ease-out', 'ease-in-out', 'linear')
const swift = milliseconds(200)
const emptyText: Kind = (node) =>
  node.type === 'String' &&
  (node.value === '' ||
    problem('property-loads', 'only content:"" is possible: words come from the catalogue', 'write content:""'))

const textual = (grammar: Grammar): PropertyRule => ({ grammar })
const sized = (of: (subject: Subject) => Grammar | null, what: string) => ({
  of,
  place: only((subject) => of(subject) !== null, what),
})

/** Rules whose grammar depends on the element. */
const SIZED: Readonly<Record<string, ReturnType<typeof sized>>> = {
  width: sized(widthOf, 'a width does not belong here'),
  'max-width': sized(widthOf, 'a width does not belong here'),
  height: sized(heightOf, 'a height belongs on the logo and on what people press or type into'),
  'min-height': sized(heightOf, 'a height belongs on the logo and on what people press or type into'),
  'max-height': sized(
    bySubject([[isLogo, one(logoSize)]]),
    'a greatest height belongs on the logo; other things grow with their words',
  ),
}

const SIDES = ['top', 'right', 'bottom', 'left', 'inline-start', 'inline-end', 'block-start', 'block-end']
const AXES = ['inline', 'block']
const CORNERS = [
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
  'start-start',
  'start-end',
  'end-start',
  'end-end',
]

const each = (names: readonly string[], rule: PropertyRule): [string, PropertyRule][] =>
  names.map((name) => [name, rule])

const PROPERTIES: ReadonlyMap<string, PropertyRule> = new Map([
  ...each(['color'], textual(one(textColour))),
  ...each(['background-color', 'background'], textual(one(anyOf(ground, words('none'))))),
  ...each(['accent-color'], textual(one(anyOf(textColour, words('auto'))))),
  ...each(['border', ...[...SIDES, ...AXES].map((side) => `border-${side}`)], textual(border)),
  ...each(['border-width', ...AXES.map((axis) => `border-${axis}-width`)], textual(list(4, borderWidth))),
  ...each(['border-style', ...AXES.map((axis) => `border-${axis}-style`)], textual(list(4, borderStyle))),
  ...each(['border-color', ...AXES.map((axis) => `border-${axis}-color`)], textual(list(4, ground))),
  ...each(
    SIDES.map((side) => `border-${side}-width`),
    textual(one(borderWidth)),
  ),
  ...each(
    SIDES.map((side) => `border-${side}-style`),
    textual(one(borderStyle)),
  ),
  ...each(
    SIDES.map((side) => `border-${side}-color`),
    textual(one(ground)),
  ),
  ...each(['border-radius'], textual(list(4, corner))),
  ...each(
    CORNERS.map((at) => `border-${at}-radius`),
    textual(list(2, corner)),
  ),
  ...each(['box-shadow'], {
    grammar: (nodes, context) =>
      nodes.length === 1 && words('none')(nodes[0] as (typeof nodes)[number], context) === true
        ? null
        : commas(4, shadow)(nodes, context),
  }),
  ...each(['font-size'], textual(one(fontSize))),
  ...each(
    ['font-weight'],
    textual(one(anyOf(number(100, 900), words('normal', 'bold', 'bolder', 'lighter'), inherited))),
  ),
  ...each(['letter-spacing'], textual(one(anyOf(length({ least: -1, most: 8 }), words('normal'), inherited)))),
  ...each(['line-height'], textual(one(anyOf(number(1, 3), percent(100, 300), words('normal'), inherited)))),
  ...each(['text-align'], textual(one(words('start', 'end', 'left', 'right', 'center', 'justify', 'inherit')))),
  ...each(['text-transform'], textual(one(words('none', 'uppercase', 'lowercase', 'capitalize', 'inherit')))),
  ...each(
    ['text-decoration'],
    textual(
      parts({ kind: lineStyle, most: 2 }, { kind: textColour }, { kind: length({ least: 1, most: 8, units: ['px'] }) }),
    ),
  ),
  ...each(['text-decoration-line'], textual(one(words('none', 'underline')))),
  ...each(['text-decoration-style'], textual(one(words('solid', 'double', 'dotted', 'dashed', 'wavy')))),
  ...each(['text-decoration-color'], textual(one(textColour))),
  ...each(
    ['text-decoration-thickness'],
    textual(one(anyOf(length({ least: 1, most: 8 }), words('auto', 'from-font')))),
  ),
  ...each(['text-underline-offset'], textual(one(anyOf(length({ least: 0, most: 12 }), words('auto'))))),
  ...each(['padding'], textual(list(4, padding))),
  ...each(
    AXES.map((axis) => `padding-${axis}`),
    textual(list(2, padding)),
  ),
  ...each(
    SIDES.map((side) => `padding-${side}`),
    textual(one(padding)),
  ),
  ...each(['margin'], textual(list(4, margin))),
  ...each(
    AXES.map((axis) => `margin-${axis}`),
    textual(list(2, margin)),
  ),
  ...each(
    SIDES.map((side) => `margin-${side}`),
    textual(one(margin)),
  ),
  ...each(['gap'], textual(list(2, space(64)))),
  ...each(['row-gap', 'column-gap'], textual(one(space(64)))),
  ...each(['outline-color'], textual(one(textColour))),
  ...each(['outline-width'], textual(one(length({ least: 2, most: 8, units: ['px', 'rem'] })))),
  ...each(['outline-style'], textual(one(words('solid', 'dashed', 'dotted', 'double')))),
  ...each(['outline-offset'], textual(one(length({ least: 0, most: 8, units: ['px', 'rem'] })))),
  ...each(['box-sizing'], textual(one(words('border-box', 'content-box')))),
  ...each(['transition'], {
    grammar: commas(6, parts({ kind: fading }, { kind: swift }, { kind: easing })),
  }),
  ...each(['transition-duration'], { grammar: commas(6, one(swift)) }),
  ...each(['opacity'], {
    grammar: one(number(0.6, 1)),
    place: only((subject) => isLogo(subject) || isOrnament(subject), 'opacity belongs on the logo: text stays opaque'),
  }),
  ...each(['content'], {
    grammar: one(emptyText),
    place: only(isOrnament, 'content belongs on ::before and ::after'),
  }),
  // Documented for Cognito's two description classes, and only there, and only to flow differently.
  ...each(['display'], {
    grammar: one(words('block', 'inline', 'inline-block')),
    place: (subject) =>
      subject.classes.some((name) => /^(?:text|idp)Description-customizable$/.test(name))
        ? null
        : problem('property-hides', 'display could hide what has to be seen'),
  }),
])

const OUTLINE: Grammar = parts(
  { kind: length({ least: 2, most: 8, units: ['px', 'rem'] }) },
  { kind: words('solid', 'dashed', 'dotted', 'double') },
  { kind: textColour },
)

/** `outline:0` is in every stylesheet written for Cognito, whose own template has it: accepted, and of no effect on the ring. */
const outline: Grammar = (nodes, context) => {
  const [first] = nodes
  const isNone =
    nodes.length === 1 &&
    ((first?.type === 'Number' && Number(first.value) === 0) ||
      (first?.type === 'Dimension' && Number(first.value) === 0) ||
      (first?.type === 'Identifier' && first.name.toLowerCase() === 'none'))
  if (!isNone || first === undefined) return OUTLINE(nodes, context)
  context.warn(
    first,
    problem('focus-ring', 'the focus ring is always drawn; this only removes the browser’s own outline'),
  )
  if (first.type === 'Identifier') first.name = 'none'
  return null
}

/** What is known of a property on this subject: how to check its value, or why it is refused. */
export const propertyRule = (name: string, subject: Subject): { grammar: Grammar } | { refused: CssProblem } => {
  if (name === 'outline') return { grammar: outline }
  const sizedRule = SIZED[name]
  if (sizedRule) {
    const refused = sizedRule.place(subject)
    const grammar = sizedRule.of(subject)
    return refused || !grammar ? { refused: refused ?? problem('property-place', 'not here') } : { grammar }
  }
  const rule = PROPERTIES.get(name)
  if (rule) {
    const refused = rule.place?.(subject)
    return refused ? { refused } : rule
  }
  return { refused: whyRefused(name) }
}
