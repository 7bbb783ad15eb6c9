/** Tokens for programs, groups and where they come from, and signing out elsewhere. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { openAccountMenu, signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { web } = requireStack();

test('a token is made, shown once, used by a program and revoked', async ({ page }, info) => {
  // Four looks at the whole page by the accessibility rules.
  test.setTimeout(120_000);
  const name = `journey ${info.project.name} ${Date.now()}`;
  await signIn(page, 'developer');
  await openAccountMenu(page);
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Gives the team payments.');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  await page.getByLabel('Name').fill(' ');
  await page.getByRole('radio', { name: /^Read and change/ }).check();
  await page.getByLabel('How long it lives').selectOption('a week');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await expect(page.getByRole('alert')).toContainText('The token is not made yet');
  await expect(page.getByRole('radio', { name: /^Read and change/ })).toBeChecked();
  await expect(page.getByLabel('How long it lives')).toHaveValue('7');
  await expectAccessible(page);

  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make the token' }).click();
  const shown = page.getByRole('group', { name: 'New token' });
  await expect(shown).toContainText(/^wmk_[0-9a-f]{64}$/);
  const token = (await shown.innerText()).trim();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.reload();
  await expect(page.getByText(token)).toHaveCount(0);

  expect(await asks(token)).toEqual({ status: 200, login: 'developer' });
  await page.reload();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('read and change');
  await expect(row).not.toContainText('never');
  await row.getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0);
  expect(await asks(token)).toEqual({ status: 401 });
});

test('signing out everywhere else ends the other browser and not this one', async ({ page, browser }) => {
  const elsewhere = await browser.newContext({ baseURL: web });
  const other = await elsewhere.newPage();
  try {
    await signIn(other, 'neighbour');
    await signIn(page, 'neighbour', '/settings');
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await expect(page.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0);
    await other.goto('/catalog');
    await expect(other.getByRole('heading', { level: 1, name: 'Sign in to Waymark' })).toBeVisible();
  } finally {
    await elsewhere.close();
  }
});

test('somebody without a team sees which groups came from the provider', async ({ page }) => {
  await signIn(page, 'outsider');
  await page.getByRole('link', { name: 'See which groups your account has' }).click();
  await expect(page.getByRole('main')).toContainText('names no group of yours');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

/** What a program learns that has nothing but the token. */
async function asks(token: string): Promise<{ status: number; login?: string }> {
  const answer = await fetch(`${web}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  return answer.ok ? { status: answer.status, login: (await answer.json()).person.login } : { status: answer.status };
}
