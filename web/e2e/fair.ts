import type { Page } from '@playwright/test'
import axe from 'axe-core'
import { expect } from './quan'

/** grave is what axe finds serious or critical on a page without frames, in a line each. */
export async function grave(page: Page): Promise<string[]> {
  await page.mouse.move(0, 0) // nothing is hovered
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] })
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 200) + ' ' + n.failureSummary).join('\n')}`)
  })
}

/** fair fails where axe finds something grave on the page. */
export async function fair(page: Page) {
  expect(await grave(page)).toEqual([])
}
