/** The components in all their states, and the choice of colours. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { openAccountMenu, signIn } from '../support/people.ts';

test('every component is readable in both colour schemes and at 320 pixels', async ({ page }) => {
  await signIn(page, 'platform', '/development/components');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('the choice of colours is kept for the person', async ({ page }) => {
  await signIn(page, 'developer');
  await openAccountMenu(page);
  await choose(page, 'Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto('/catalog');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await openAccountMenu(page);
  await choose(page, 'System');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
});

/** Ends when the server has kept the choice: with scripts the page changes before that. */
async function choose(page: Page, theme: string): Promise<void> {
  const kept = page.waitForResponse((response) => response.url().endsWith('/settings/theme'));
  await page.getByRole('button', { name: theme }).click();
  await kept;
}
