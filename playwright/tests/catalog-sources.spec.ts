/** From a file at the Git host to the catalog, and what happens when somebody mends it there. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { git } = requireStack();

const component = (name: string) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${name}, description: Imported by a journey}
spec: {type: library, lifecycle: experimental, owner: payments}
`;

/** At the Git host, past the product: what a team had before it came. */
async function host(method: string, path: string, body: object): Promise<any> {
  const headers = { authorization: `token ${git.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${git.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer.json();
}

test('a repository is previewed, taken over, and mended where it lives', async ({ page }) => {
  const suffix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const [name, other, repository] = [`kept-${suffix}`, `mended-${suffix}`, `imported-${suffix}`];
  await host('POST', 'orgs/payments/repos', { name: repository, private: true, default_branch: 'main' });
  const broken = `${component(name)}---\n${component('Bad Name')}`;
  const content = (text: string) => Buffer.from(text).toString('base64');
  const file = `repos/payments/${repository}/contents/catalog-info.yaml`;
  const { content: created } = await host('POST', file, { content: content(broken), branch: 'main', message: 'Describe' });

  await signIn(page, 'developer', '/catalog');
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Import into the catalog' })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByLabel('Address at the Git host').fill('https://git.example.com/payments/checkout');
  await page.getByRole('button', { name: 'Show what it would bring' }).click();
  await expect(page.getByRole('alert')).toContainText('Only http');
  await expect(page.getByLabel('Address at the Git host')).toHaveValue('https://git.example.com/payments/checkout');
  await expectAccessible(page);
  await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${repository}`);
  await page.getByRole('button', { name: 'Show what it would bring' }).click();

  await expect(page.getByRole('heading', { level: 1, name: `This is what payments/${repository} would bring` })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('row', { name: new RegExp(`component:default/${name}`) })).toContainText('appears');
  await expect(page.getByRole('main')).toContainText('catalog-info.yaml:8:18');
  await expect(page.getByRole('main')).toContainText('A name has 1 to 63 letters');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'It is in the catalog' })).toBeVisible();
  // Without scripts the page loads itself again until the worker has looked.
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0, { timeout: 30_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  const source = page.url();
  await page.getByRole('link', { name: `component:default/${name}` }).click();
  await expect(page.getByRole('main')).toContainText('Imported by a journey');
  await expect(page.getByRole('link', { name: 'catalog-info.yaml, line 1' })).toBeVisible();

  await page.goto('/catalog');
  await page.getByRole('link', { name: /need mending|needs mending/ }).click();
  const mine = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'payments' }) });
  await expect(mine).toContainText(repository);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  const mended = content(broken.replace('Bad Name', other));
  await host('PUT', file, { content: mended, sha: created.sha, branch: 'main', message: 'Mend' });
  await page.goto(source);
  await page.getByRole('button', { name: 'Look again now' }).click();
  await expect(page.getByRole('link', { name: `component:default/${other}` })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main')).toContainText('Nothing that you can see is wrong here');
  await page.goto('/catalog/errors');
  await expect(page.getByRole('main')).not.toContainText(repository);
  await page.goto('/catalog/sources');
  await expect(page.getByRole('link', { name: `payments/${repository}: catalog-info.yaml` })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});

test('a new name keeps the old address, and what nothing describes is taken out and put back', async ({ page }) => {
  const suffix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const [before, after, repository] = [`called-${suffix}`, `renamed-${suffix}`, `moving-${suffix}`];
  await host('POST', 'orgs/payments/repos', { name: repository, private: true, default_branch: 'main' });
  const content = (text: string) => Buffer.from(text).toString('base64');
  const file = `repos/payments/${repository}/contents/catalog-info.yaml`;
  const { content: first } = await host('POST', file, { content: content(component(before)), branch: 'main', message: 'Describe' });
  await signIn(page, 'developer', '/catalog/import');
  await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${repository}`);
  await page.getByRole('button', { name: 'Show what it would bring' }).click();
  await page.getByRole('button', { name: 'Take it over' }).click({ timeout: 30_000 });
  await expect(page.getByRole('status').filter({ hasText: 'It is in the catalog' })).toBeVisible();
  const source = page.url();
  const look = async () => {
    await page.goto(source);
    await page.getByRole('button', { name: 'Look again now' }).click();
  };

  const { content: second } = await host('PUT', file, { content: content(component(after)), sha: first.sha, branch: 'main', message: 'Rename' });
  await look();
  await expect(page.getByRole('link', { name: `component:default/${after}` })).toBeVisible({ timeout: 30_000 });
  await page.goto(`/catalog/component/default/${before}`);
  await expect(page).toHaveURL(new RegExp(`/catalog/component/default/${after}$`));
  await expect(page.getByRole('main')).toContainText(`It was called component:default/${before} before`);
  await expect(page.getByRole('link', { name: 'Take it out' })).toHaveCount(0);
  for (const part of ['graph', 'docs', 'edit']) {
    await page.goto(`/catalog/component/default/${before}/${part}`);
    await expect(page).toHaveURL(new RegExp(`/catalog/component/default/${after}/${part}$`));
  }
  await page.goto(`/catalog/component/default/${after}`);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await host('DELETE', file, { sha: second.sha, branch: 'main', message: 'Nothing is here any more' });
  await look();
  await expect(page.getByRole('main')).toContainText('No longer described', { timeout: 30_000 });
  await page.goto(`/catalog/component/default/${after}`);
  await page.getByRole('link', { name: 'Take it out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Take ${after} out of the catalog?` })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Nothing in the catalog refers to it');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: `Take ${after} out` }).click();
  const row = page.getByRole('row', { name: new RegExp(after) });
  await expect(row).toContainText('nobody');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await row.getByRole('button', { name: `Put back ${after}` }).click();
  await expect(page.getByRole('heading', { level: 1, name: after })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Somebody put it back');
  await page.getByRole('link', { name: 'Take it out' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Take ${after} out of the catalog?` })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Nothing in the catalog refers to it');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: `Take ${after} out` }).click();
  await expect(row).toBeVisible();
});

test('what one may not read is told like what is not there', async ({ page }) => {
  const repository = `hidden-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  await host('POST', 'orgs/payments/repos', { name: repository, private: true, auto_init: true, default_branch: 'main' });
  await signIn(page, 'neighbour', '/catalog/import');
  await expect(page.getByRole('main')).not.toContainText(repository);
  await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${repository}`);
  await page.getByRole('button', { name: 'Show what it would bring' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `payments/${repository} cannot be imported like that` })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main')).toContainText('has no repository');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});
