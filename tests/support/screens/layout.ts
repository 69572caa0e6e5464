/**
 * Runs in the page. Answers with what is wrong with its layout and focus, in words, once nothing is or a while has passed.
 *
 * Fields that are no boxes are at least 44 px high, with letters of at least 15 px.
 */
export const layoutFaults = async ({ dir }: { dir: 'ltr' | 'rtl' }): Promise<string[]> => {
  const GIVEN_UP_MS = 1_000
  const faults = (): string[] => {
    const wrong: string[] = []
    const check = (isRight: boolean, text: string) => {
      if (!isRight) wrong.push(text)
    }
    check(getComputedStyle(document.body).direction === dir, `laid out ${dir}`)
    check(document.documentElement.scrollWidth <= innerWidth, 'nothing wider than the screen')
    const summary = document.querySelector('.portico-summary')
    check(summary === null || document.activeElement === summary, 'the summary has the focus')
    for (const input of document.querySelectorAll<HTMLInputElement>('input:not([type=hidden]), select')) {
      if (input.type === 'checkbox' || input.getAttribute('aria-hidden') === 'true') continue
      check(input.getBoundingClientRect().height >= 44, `${input.name} is tall enough`)
      check(Number.parseFloat(getComputedStyle(input).fontSize) >= 15, `${input.name} is large enough`)
    }
    return wrong
  }
  // The browser moves the focus with a frame of its own, after `load`.
  const end = performance.now() + GIVEN_UP_MS
  let wrong = faults()
  while (wrong.length > 0 && performance.now() < end) {
    await new Promise(requestAnimationFrame)
    wrong = faults()
  }
  return wrong
}
