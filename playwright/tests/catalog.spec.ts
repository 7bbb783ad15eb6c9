/** What the organisation has: looked through, searched, opened. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';

test('everything is listed, a page at a time, and each entry opens', async ({ page }) => {
  await signIn(page, 'developer', '/catalog');
  await expect(page.getByRole('heading', { level: 1, name: 'Catalog' })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('link', { name: 'Show more' }).click();
  await expect(page).toHaveURL(/\/catalog\?after=/);
  await page.getByRole('link', { name: 'Back to the beginning' }).click();
  await page.getByRole('link', { name: 'ledger', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'ledger' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Books every movement of money');
  await expect(page.getByRole('link', { name: 'payments', exact: true })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('the list is narrowed step by step, and the address says how', async ({ page }) => {
  await signIn(page, 'developer', '/catalog');
  await page.getByLabel('Kind').selectOption('component');
  await page.getByLabel('Owner').selectOption('group:default/payments');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/kind=component/);
  await expect(page).toHaveURL(/owner=group/);
  await expect(page.getByRole('heading', { level: 1, name: /entries of the catalog are like that/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'ledger', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'web-shop', exact: true })).toBeHidden();
  // The counts of a filter say what its other values would leave.
  await expect(page.getByLabel('Owner').getByRole('option', { name: /^storefront \([1-9]/ })).toBeAttached();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.reload();
  await expect(page.getByLabel('Kind')).toHaveValue('component');
  await page.getByLabel('Sort by').selectOption('changed');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/sort=changed/);
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Catalog' })).toBeVisible();
  await page.getByLabel('Owner').selectOption('mine');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('link', { name: 'ledger', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'web-shop', exact: true })).toBeHidden();
  for (const [filter, value, shown] of [
    ['type', 'service', 'ledger'],
    ['lifecycle', 'production', 'ledger'],
    ['system', 'system:default/orders', 'ledger'],
  ]) {
    await page.goto(`/catalog?owner=mine&${filter}=${encodeURIComponent(value)}`);
    await expect(page.getByLabel(new RegExp(`^${filter}$`, 'i'))).toHaveValue(value);
    await expect(page.getByRole('link', { name: shown, exact: true })).toBeVisible();
  }
  // Whatever level there is today: each value leaves what it says.
  await page.goto('/catalog?kind=component&owner=mine');
  const level = page.getByLabel('Level', { exact: true });
  const first = await level.locator('option').nth(1).textContent();
  await level.selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/level=/);
  const count = /\((\d+)\)/.exec(first ?? '')?.[1];
  const words = count === '1' ? 'One entry of the catalog is like that' : `${count} entries of the catalog are like that`;
  await expect(page.getByRole('heading', { level: 1, name: words })).toBeVisible();
  await page.goto('/catalog?kind=robot&tag=a%00b');
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing in the catalog is like that' })).toBeVisible();
  await expectAccessible(page);
});

test('what is around an entry is a picture and a list that says the same', async ({ page }) => {
  await signIn(page, 'developer', '/catalog/component/default/ledger');
  await page.getByRole('link', { name: 'See it as a picture' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Around ledger' })).toBeVisible();
  const picture = page.getByRole('region', { name: 'Picture of what is around it' });
  const list = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'The same as a list' }) });
  await expect(picture.getByRole('link', { name: 'orders' })).toBeVisible();
  await expect(list.getByRole('listitem').filter({ hasText: 'Part of orders' })).toBeVisible();
  await expect(picture.getByRole('link', { name: 'basket' })).toHaveCount(0);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('link', { name: 'Two steps' }).click();
  await expect(page).toHaveURL(/depth=2/);
  await picture.getByRole('link', { name: 'basket' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'basket' })).toBeVisible();
});

test('an API is a reference to read, with its definition beside it', async ({ page }) => {
  await signIn(page, 'developer', '/catalog/api/default/payments-api');
  const card = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'How to use it' }) });
  await expect(card).toContainText('https://payments.waymark.example/v2');
  await card.getByText('/payments/{id}/refunds', { exact: true }).click();
  await expect(card.getByRole('table', { name: 'Parameters of POST /payments/{id}/refunds' })).toContainText('required');
  await card.getByText('Types (4)').click();
  await expect(card.getByRole('table', { name: 'Fields of Payment' })).toContainText('created_at');
  await card.getByText('The definition as it is written').click();
  await expect(card.getByRole('group', { name: 'Definition' })).toContainText('openapi: 3.1.0');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('every kind of API is a reference to read', async ({ page }) => {
  await signIn(page, 'developer');
  for (const [name, said] of [
    ['order-events', 'orders.placed'],
    ['product-graph', 'Products of a branch of the taxonomy'],
    ['price-service', 'Prices that change, as long as somebody listens'],
  ]) {
    await page.goto(`/catalog/api/default/${name}`);
    const card = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'How to use it' }) });
    await expect(card).toContainText(said);
    await expect(card.getByText('The definition as it is written')).toBeVisible();
    await expectAccessible(page);
    await expectNoHorizontalScroll(page, 320);
  }
});

test('an entry says in one sentence what it is, whose, and what changed last', async ({ page }) => {
  await signIn(page, 'developer', '/catalog/component/default/ledger');
  const header = page.getByRole('main').getByRole('banner').or(page.getByRole('main').locator('header'));
  await expect(header).toContainText('ledger is a production service');
  await expect(header).toContainText('owned by payments');
  await page.goto('/catalog/system/default/orders');
  await expect(header).toContainText(/orders is a system.*it has \d+ parts/);
  await page.goto('/catalog/group/default/payments');
  await expect(header).toContainText(/is a team.*it owns \d+ things/);
});

test('an entry says what it has to do with others, from both sides', async ({ page }) => {
  await signIn(page, 'developer', '/catalog/component/default/ledger');
  const related = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'What it has to do with' }) });
  await expect(related.getByRole('link', { name: 'orders' })).toBeVisible();
  await related.getByRole('link', { name: 'Payments' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Payments' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Owns');
  await page.getByRole('main').getByRole('link', { name: 'ledger', exact: true }).click();
  await expect(page.getByRole('group', { name: 'Entity as YAML' })).toContainText('name: ledger');
  await expect(page.getByRole('main')).toContainText('organisation.yaml, line');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('a search finds by name and by words, and says when there is nothing', async ({ page }) => {
  await signIn(page, 'developer');
  await page.getByRole('searchbox').first().fill('vouchers');
  await page.getByRole('searchbox').first().press('Enter');
  await expect(page.getByRole('link', { name: 'promotions' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/search?q=100%25');
  await expect(page.getByRole('heading', { level: 1, name: /Nothing matches/ })).toBeVisible();
  await page.goto('/search?q=prmotions');
  await expect(page.getByRole('heading', { level: 1, name: /spelled alike/ })).toBeVisible();
  await expect(page.getByRole('link', { name: 'promotions' })).toBeVisible();
});

test('invented data is marked on every page', async ({ page }) => {
  await signIn(page, 'leadership');
  for (const path of ['/', '/catalog', '/provisioning', '/search']) {
    await page.goto(path);
    await expect(page.getByText(/demonstration data/i)).toBeVisible();
  }
});

test('what is not there and what is hidden look the same, with a way back', async ({ page }) => {
  await signIn(page, 'developer');
  for (const path of ['/catalog/component/default/nothing', '/development/components', '/nowhere']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing here that you can see');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Go to the start page' }).click();
    await expect(page).toHaveURL(/\/$/);
  }
});
test.use({ expectedErrors: [/status of 404/] });
