import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** What the checker finds on the page as it is now, in words. */
export const barriersOn = async (page: Page): Promise<string[]> => {
  // Pages fade in: half-way there no colour is what it will be.
  await page.evaluate(() => {
    for (const motion of document.getAnimations()) {
      if (motion.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) motion.finish()
    }
  })
  // Without this mode it opens a page of its own for every answer, to look into frames of others: there are none.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

/** No barrier that the checker knows. It is a script: where none runs, the same journey in another browser tells. */
export const accessible = async (page: Page, hasScript = true): Promise<void> => {
  if (hasScript) expect(await barriersOn(page), `${page.url()} ${await page.title()}`).toEqual([])
}
