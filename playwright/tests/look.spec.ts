/** The components in all their states, and the choice of colours. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll, expectReadableAsChosen } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { openAccountMenu, signIn } from '../support/people.ts';
import { named, plan } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

// Pages of errors are looked at on purpose.
test.use({ expectedErrors: [/status of 4\d\d/] });

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

test('every kind of page is readable in the dark that somebody chose', async ({ page }, info) => {
  test.setTimeout(180_000);
  // The choice is a person's, and both projects run at once.
  await signIn(page, info.project.name === 'js' ? 'leadership' : 'operator');
  await openAccountMenu(page);
  await choose(page, 'Dark');
  const pages = [
    '/',
    '/catalog',
    '/catalog/errors',
    '/catalog/component/default/ledger',
    '/catalog/component/default/ledger/graph',
    '/golden-paths/gpu-inference',
    '/golden-paths/gpu-inference/new',
    '/delivery',
    '/provisioning',
    '/maturity',
    '/settings',
    // The last has one choice of colours alone, in the account menu.
    '/search?q=ledger',
  ];
  for (const address of pages) {
    await page.goto(address);
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expectReadableAsChosen(page);
  }
  await openAccountMenu(page);
  await choose(page, 'System');
});

test('a question, findings, and a path for accelerators are readable by everyone', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'platform');
  const addresses = [
    '/development/components/question',
    '/catalog/errors',
    '/golden-paths/gpu-inference',
    '/golden-paths/gpu-inference/new',
  ];
  for (const address of addresses) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
    await expectNoHorizontalScroll(page, 320);
  }
});

test('each page of an error is readable by everyone', async ({ page }, info) => {
  test.setTimeout(180_000);
  const { web } = requireStack();
  await signIn(page, 'platform');
  const read = await plan(page, 'web-service', { name: named('e', info.project.name), owner: 'group:default/payments' });
  const create = `/golden-paths/web-service/plans/${read.id}/create`;
  const answers: [number, string, Record<string, string>, Record<string, string>][] = [
    [403, '/settings/theme', { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }, { theme: 'dark' }],
    [409, create, { origin: web }, { hash: 'another' }],
    [422, '/settings/theme', { origin: web }, { theme: 'green' }],
  ];
  for (const [status, address, headers, form] of answers) {
    const answer = await page.request.post(address, { headers: { accept: 'text/html', ...headers }, form, maxRedirects: 0 });
    expect(answer.status(), address).toBe(status);
    const body = await answer.text();
    // What a form was answered, at an address that can be opened.
    await page.route('**/shown-error', (route) => route.fulfill({ status, contentType: 'text/html', body }));
    await page.goto('/shown-error');
    await expectReadableError(page, status);
    await page.unroute('**/shown-error');
  }
  for (const [status, address] of [[401, '/auth/callback'], [404, '/nowhere']] as const) {
    expect((await page.goto(address))?.status()).toBe(status);
    await expectReadableError(page, status);
  }
});

async function expectReadableError(page: Page, status: number): Promise<void> {
  await expect(page.getByText(String(status), { exact: true })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
}

/** Ends when the server has kept the choice: with scripts the page changes before that. */
async function choose(page: Page, theme: string): Promise<void> {
  const kept = page.waitForResponse((response) => response.url().endsWith('/settings/theme'));
  await page.getByRole('button', { name: theme }).click();
  await kept;
}
