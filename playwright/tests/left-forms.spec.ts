/** A session that ends in the middle of a form: nothing is done, and nothing that was typed is lost. */
import type { BrowserContext, Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { askForCards, declare } from '../support/namespaces.ts';
import { fillSignIn, signIn } from '../support/people.ts';

test('a token that is asked for too late is asked for again with the same words', async ({ page, context }, info) => {
  const name = `late ${info.project.name} ${Date.now()}`;
  await signIn(page, 'developer', '/settings');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('radio', { name: /^Read and change/ }).check();
  await page.getByLabel('How long it lives').selectOption('a week');
  await sendTooLate(page, context, 'Make the token');
  await expect(page.getByRole('status')).toContainText('What you typed stands in the form again');
  await expect(page.getByLabel('Name')).toHaveValue(name);
  await expect(page.getByRole('radio', { name: /^Read and change/ })).toBeChecked();
  await expect(page.getByLabel('How long it lives')).toHaveValue('7');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('button', { name: 'Make the token' }).click();
  await expect(page.getByRole('group', { name: 'New token' })).toBeVisible();
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
});

test('what is asked for and why is kept, and a button has to be pressed again', async ({ page, context }, info) => {
  const environment = `l${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  await signIn(page, 'developer');
  const namespace = await declare(page, environment);
  await page.goto(`/provisioning/local/${namespace}/ask`);
  await page.getByLabel('How many').fill('3');
  await page.getByLabel('What it is for').fill('A ranking model for the sale');
  await sendTooLate(page, context, 'Ask for it');
  await expect(page).toHaveURL(new RegExp(`/${namespace}/ask\\?kept=`));
  await expect(page.getByLabel('How many')).toHaveValue('3');
  await expect(page.getByLabel('What it is for')).toHaveValue('A ranking model for the sale');

  const id = await askForCards(page, `${environment}b`);
  await page.goto('/provisioning/requests');
  const request = page.locator(`[id="${id}"]`);
  await sendTooLate(page, context, 'Withdraw the request', request);
  await expect(page.getByRole('status')).toContainText('press the button once more');
  await expect(request).toContainText('waits for a decision');
  await expectAccessible(page);
  await request.getByRole('button', { name: 'Withdraw the request' }).click();
  await expect(request).toContainText('withdrawn');
});

/** Presses a button when the session has ended meanwhile, and signs in where that leads. */
async function sendTooLate(page: Page, context: BrowserContext, button: string, place = page.getByRole('main')) {
  await context.clearCookies({ name: /^__Host-sid/ });
  await place.getByRole('button', { name: button }).click();
  await fillSignIn(page, 'developer');
  await expect(page.getByText('Your session had ended')).toBeVisible();
}
