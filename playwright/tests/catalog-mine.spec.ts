/** From a repository that nothing describes to an entry of the team, and to what that entry needs. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { named } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

const { git } = requireStack();

test.setTimeout(120_000);

/** At the Git host, past the product: a repository of payments with one file that describes nothing. */
async function repository(name: string): Promise<void> {
  const headers = { authorization: `token ${git.token}`, 'content-type': 'application/json' };
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${git.url}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  };
  await post('orgs/payments/repos', { name, private: true, default_branch: 'main', description: 'Counts what came in' });
  const content = Buffer.from('# Abacus\n').toString('base64');
  await post(`repos/payments/${name}/contents/README.md`, { content, branch: 'main', message: 'Begin' });
}

test('a repository that nothing describes is adopted, and what it needs is told to its team', async ({ page, browser }, info) => {
  const name = named('abacus', info.project.name);
  await repository(name);
  await signIn(page, 'developer', '/catalog/unowned');
  const row = page.getByRole('table', { name: 'Repositories that nothing describes' }).getByRole('row', { name: `payments/${name}` });
  await expect(async () => {
    await page.goto('/catalog/unowned');
    await expect(row).toContainText('its repository lies below their name', { timeout: 1_000 });
  }).toPass({ timeout: 100_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  const other = await browser.newPage();
  await signIn(other, 'neighbour', '/catalog/unowned');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(other.getByText(name)).toHaveCount(0);
  await other.close();

  await row.getByRole('button', { name: `Adopt payments/${name} for payments` }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Counts what came in');

  // It lives in the platform until a file describes it, so that nobody reviews what its team says of it.
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('main')).toContainText('It lives in the platform itself, so that it changes at once.');
  await page.getByLabel('Description').fill('Counts what came in and what went out');
  await page.getByRole('button', { name: 'Change it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Change description of ${name}: changed` })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Show the entry' }).click();
  await expect(page.getByRole('main')).toContainText('Counts what came in and what went out');
  const changed = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'What changed' }) });
  await expect(changed).toContainText('Changed here: description');
  await expect(changed).toContainText('developer, through Waymark');

  await page.goto('/catalog');
  await page.getByRole('link', { name: 'Mine', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(/of yours needs? you/);
  const mine = page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(mine.first()).toContainText('before its next levels');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});
