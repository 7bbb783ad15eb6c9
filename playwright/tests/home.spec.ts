/** What home says waits for somebody, and what it does not say to others. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { askForCards } from '../support/namespaces.ts';
import { signIn } from '../support/people.ts';

test('a request waits on the home of those who decide, and on nobody else’s', async ({ page }, info) => {
  const environment = `h${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  const words = `payments asks for 3 × nvidia.com/gpu in ${environment} of ledger`;
  const waits = page.getByRole('main').getByRole('link', { name: words });
  await signIn(page, 'developer');
  await askForCards(page, environment);
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 2, name: 'Closest next level' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'What changed' })).toBeVisible();
  await expect(waits).toHaveCount(0);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  await signIn(page, 'platform');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/needs? you$/);
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Home \d+ waiting for you$/ })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await waits.click();
  const request = page.locator('section').filter({ hasText: environment });
  await request.getByRole('link', { name: 'Refuse it' }).click();
  await request.getByLabel('Why it is refused').fill('Two are enough to begin with.');
  await request.getByRole('button', { name: 'Refuse it' }).click();
  await page.goto('/');
  await expect(waits).toHaveCount(0);
});

test('whoever only reads finds a calm page', async ({ page }) => {
  await signIn(page, 'leadership');
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing needs you' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Nothing waits for you.');
  await expect(page.getByRole('heading', { level: 2, name: 'Closest next level' })).toHaveCount(0);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('a rule that is in the way leads to the rule and to the service', async ({ page }) => {
  await signIn(page, 'developer');
  const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Closest next level' }) });
  await expect(card.getByText(/(small|medium|large) effort/).first()).toBeVisible();
  await card.getByRole('list', { name: 'Services' }).first().getByRole('link').first().click();
  await expect(page).toHaveURL(/\/maturity\/services\//);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('meets');
});
