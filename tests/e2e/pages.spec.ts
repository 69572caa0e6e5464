import type { Page } from '@playwright/test'
import { FIXTURE_PATHS } from '#app/_lib/fixtures.ts'
import { barriersOn } from '#tests/support/screens/accessible.ts'
import { layoutFaults } from '#tests/support/screens/layout.ts'
import { expect, test } from './journey.ts'

/**
 * Every hosted page in every state, in a browser: what only layout, focus and a broken policy tell. A visit serves all its
 * checks, and each kind of page is a test, so that workers share them. previews.spec.ts judges the same pages by their HTML.
 */

/** Pages that go on by themselves are looked at before they do. */
const STILL = FIXTURE_PATHS.filter((path) => !/\/(?:leave|form-post)\//.test(path))
const kindOf = (path: string): string => path.split('/')[2] ?? ''
const KINDS = Map.groupBy(STILL, kindOf)

const LARGE = { width: 1280, height: 800 }
const SMALL = { width: 320, height: 640 }

/** Gathers what is wrong by page, so that one run tells of all pages. */
const gather = () => {
  const wrong: Record<string, readonly string[]> = {}
  return {
    wrong,
    note(where: string, faults: readonly string[]) {
      if (faults.length > 0) wrong[where] = faults
    },
  }
}

const lookAt = async (page: Page, dir: 'ltr' | 'rtl'): Promise<string[]> => page.evaluate(layoutFaults, { dir })

for (const [index, [kind, paths]] of [...KINDS].entries()) {
  const [fresh = ''] = paths
  const refused = paths.slice(1).find((path) => /error|wrong|spent|rules/.test(path))
  // One look for each, so that both get their share of the kinds that have no error.
  const inLight = refused === undefined ? index % 2 === 0 : true
  const axeIn = {
    light: inLight ? fresh : undefined,
    dark: refused ?? (inLight ? undefined : fresh),
  }

  test(`${kind}: in every state nothing is too wide or too small, the focus is right, no policy broken, no barrier`, async ({
    page,
    portico,
  }) => {
    test.slow()
    const { wrong, note } = gather()
    const visit = (path: string, lang: string) => page.goto(`${portico.preview}${path}?lang=${lang}`)

    // English with longer words than any language has, large and small.
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    for (const path of paths) {
      await page.setViewportSize(LARGE)
      await visit(path, 'en-XA')
      note(`${path} long words, large`, await lookAt(page, 'ltr'))
      if (path === axeIn.light) note(`${path} long words, large, barriers`, await barriersOn(page))
      await page.setViewportSize(SMALL)
      note(`${path} long words, small`, await lookAt(page, 'ltr'))
    }

    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    for (const path of paths) {
      await visit(path, 'ar')
      note(`${path} Arabic, small`, await lookAt(page, 'rtl'))
      if (path === axeIn.dark) note(`${path} Arabic, small, barriers`, await barriersOn(page))
    }
    await visit(fresh, 'ar-XB')
    note(`${fresh} mirrored, small`, await lookAt(page, 'rtl'))
    expect(wrong).toEqual({})
  })
}

test('what is too wide, too small or without its focus is noticed', async ({ page, portico }) => {
  await page.setViewportSize(SMALL)
  await page.goto(`${portico.preview}/preview/sign-in/form-error`)
  expect(await lookAt(page, 'ltr')).toEqual([])
  await page.locator('input[name=username]').focus()
  await page.locator('input[name=username]').evaluate((input) => {
    // Through the object model, which the policy lets be: an attribute would be refused.
    input.style.cssText = 'min-height: 0; height: 20px; font-size: 12px'
    document.body.style.inlineSize = '400px'
  })
  expect(await lookAt(page, 'rtl')).toEqual([
    'laid out rtl',
    'nothing wider than the screen',
    'the summary has the focus',
    'username is tall enough',
    'username is large enough',
  ])
})

test('Cognito’s names sit on the sign-in page, each once, and its classes on the matching elements', async ({
  page,
  portico,
}) => {
  await page.goto(`${portico.preview}/preview/sign-in/form-error`)
  for (const selector of [
    '#signInFormUsername[name=username]',
    '#signInFormPassword[name=password]',
    'button[name=signInSubmitButton]',
  ]) {
    await expect(page.locator(selector)).toHaveCount(1)
  }
  for (const [name, selector] of Object.entries({
    'background-customizable': 'body',
    'banner-customizable': 'header',
    'label-customizable': 'label',
    'inputField-customizable': '#signInFormPassword',
    'submitButton-customizable': 'button[name=signInSubmitButton]',
    'legalText-customizable': 'footer',
    'errorMessage-customizable': '[role=alert]',
    'redirect-customizable': 'p',
  })) {
    expect(await page.locator(`${selector}.${name}`).count(), name).toBeGreaterThan(0)
  }
  // A stylesheet's size for a logo is not one for the seal that stands in its place.
  await expect(page.locator('header svg.portico-mark')).toHaveCount(1)
  await expect(page.locator('.logo-customizable')).toHaveCount(0)
  await page.goto(`${portico.preview}/preview/sign-in/logo`)
  await expect(page.locator('header img.logo-customizable')).toHaveCount(1)
  await page.goto(`${portico.preview}/preview/new-password/rules`)
  await expect(page.locator('p.textDescription-customizable')).toHaveCount(1)
  await expect(page.locator('li.passwordCheck-notValid-customizable')).toHaveCount(5)
})

test('fields carry what browsers and password managers look for', async ({ page, portico }) => {
  const attributes = async (path: string, name: string, wanted: Record<string, string>) => {
    await page.goto(`${portico.preview}/preview/${path}`)
    const field = page.locator(`[name="${name}"]`)
    for (const [attribute, value] of Object.entries(wanted)) await expect(field).toHaveAttribute(attribute, value)
  }
  await attributes('sign-in/fresh', 'username', {
    type: 'email',
    autocomplete: 'username webauthn',
    inputmode: 'email',
    autocapitalize: 'none',
    spellcheck: 'false',
    dir: 'ltr',
  })
  await attributes('sign-in/phone', 'username', {
    type: 'text',
    inputmode: 'tel',
    autocomplete: 'username webauthn',
  })
  await attributes('sign-in/many-names', 'username', { type: 'text', autocomplete: 'username webauthn' })
  await attributes('sign-in/fresh', 'password', {
    type: 'password',
    autocomplete: 'current-password',
    enterkeyhint: 'go',
  })
  await attributes('sign-up/rules', 'password', {
    autocomplete: 'new-password',
    passwordrules:
      'minlength: 8; required: upper; required: lower; required: digit; required: special; allowed: ascii-printable;',
  })
  await attributes('confirm-sign-up/fresh', 'code', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    pattern: '[0-9\\s\\-]*',
    dir: 'ltr',
  })
  await attributes('password/fresh', 'username', {
    autocomplete: 'username',
    readonly: '',
    tabindex: '-1',
    'aria-hidden': 'true',
    value: 'ines@example.com',
  })
  await attributes('missing-attributes/fresh', 'birthdate.year', { autocomplete: 'bday-year', inputmode: 'numeric' })
  await expect(page.locator('[maxlength]')).toHaveCount(0)
})
