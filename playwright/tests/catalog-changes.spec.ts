/** From an entry's page to a change request at the Git host and back, and from nobody's entry to a team's. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { git } = requireStack();

// An import, a worker and a review one after the other.
test.setTimeout(120_000);

const suffixed = (name: string) => `${name}-${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;

const component = (name: string, owner: string) => `# Kept by hand.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name} # ours
  description: As it was
  links:
    - url: https://runbook.waymark.example
      title: Runbook
spec: {type: library, lifecycle: experimental, owner: ${owner}}
`;

/** At the Git host, past the product. */
async function host(method: string, path: string, body?: object): Promise<any> {
  const headers = { authorization: `token ${git.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${git.url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

/** A repository of payments whose file describes one component, taken over into the catalog. */
async function imported(page: any, name: string, owner: string): Promise<string> {
  await host('POST', 'orgs/payments/repos', { name, private: true, default_branch: 'main' });
  const content = Buffer.from(component(name, owner)).toString('base64');
  await host('POST', `repos/payments/${name}/contents/catalog-info.yaml`, { content, branch: 'main', message: 'Describe' });
  await page.goto('/catalog/import');
  await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${name}`);
  await page.getByRole('button', { name: 'Show what it would bring' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `This is what payments/${name} would bring` })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'It is in the catalog' })).toBeVisible();
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0, { timeout: 30_000 });
  return `/catalog/component/default/${name}`;
}

const merge = (name: string, number: string) =>
  expect(async () => host('POST', `repos/payments/${name}/pulls/${number}/merge`, { Do: 'merge' })).toPass({ timeout: 20_000 });

test('an entry is edited in its page, reviewed at the Git host, and tells of it', async ({ page }) => {
  const name = suffixed('edited');
  await signIn(page, 'developer', '/catalog');
  const entry = await imported(page, name, 'payments');
  await page.goto(entry);
  await page.getByRole('link', { name: 'Edit', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Change ${name}` })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(`catalog-info.yaml of payments/${name}`);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  // What cannot be taken is said where it stands, and nothing that was typed is lost.
  await page.getByLabel('Description').fill('Edited by a journey');
  await page.getByLabel('Tags').fill('Not A Tag');
  const added = page.getByRole('group', { name: 'Link 2 (new)' });
  await added.getByLabel('Address').fill('javascript:alert(1)');
  await added.getByLabel('Words').fill('Board');
  await page.getByRole('button', { name: 'Open a change request' }).click();
  await expect(page.getByRole('alert')).toContainText('Nothing is changed yet');
  await expect(page.getByLabel('Description')).toHaveValue('Edited by a journey');
  await expect(added.getByLabel('Words')).toHaveValue('Board');
  await expect(added.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByLabel('Tags').fill('ledger, java');
  await added.getByLabel('Address').fill('https://board.waymark.example');
  await page.getByLabel('Take link 1 out').check();
  await page.getByRole('button', { name: 'Open a change request' }).click();

  await expect(page.getByRole('heading', { level: 1, name: /in review$/ })).toBeVisible({ timeout: 30_000 });
  const change = page.getByRole('group', { name: /Changes in catalog-info.yaml/ });
  await expect(change.locator('ins').filter({ hasText: 'description: Edited by a journey' })).toBeVisible();
  await expect(change.locator('del').filter({ hasText: 'title: Runbook' })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  const outcome = page.url();
  const request = page.getByRole('link', { name: 'Open the change request' });
  const address = (await request.getAttribute('href')) ?? '';
  expect(address).toMatch(new RegExp(`/payments/${name}/pulls/[0-9]+$`));
  const number = address.split('/').pop()!;
  const asked = await host('GET', `repos/payments/${name}/pulls/${number}`);
  expect(asked.title).toBe(`Change description, tags and links of ${name}`);
  const file = await host('GET', `repos/payments/${name}/contents/catalog-info.yaml?ref=${asked.head.ref}`);
  const text = Buffer.from(file.content, 'base64').toString();
  expect(text).toContain('# Kept by hand.\n');
  expect(text).toContain(`  name: ${name} # ours\n  description: Edited by a journey\n`);
  expect(text).toContain('spec: {type: library, lifecycle: experimental, owner: payments}\n');

  await page.goto(entry);
  await expect(page.getByRole('main')).toContainText('As it was');
  await expect(page.getByRole('link', { name: `Change request ${number}: description, tags, links` })).toBeVisible();
  await merge(name, number);
  // The push is told by the host's webhook only where the platform made the repository; here somebody looks.
  const source = page.getByRole('link', { name: 'catalog-info.yaml, line 1' });
  await source.click();
  await page.getByRole('button', { name: 'Look again now' }).click();
  await expect(async () => {
    await page.goto(entry);
    await expect(page.getByRole('main').getByText('Edited by a journey', { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  const changed = page.getByRole('main').locator('section', { has: page.getByRole('heading', { name: 'What changed' }) });
  await expect(changed).toContainText('metadata.description');
  await expect(changed).toContainText('developer, through Waymark');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.goto(outcome);
  await expect(page.getByRole('link', { name: 'Show the entry' })).toBeVisible();
});

test('what somebody else owns is not offered, and answers like what is not there', async ({ page }) => {
  await signIn(page, 'neighbour', '/catalog/component/default/ledger');
  await expect(page.getByRole('heading', { level: 1, name: 'ledger' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Edit', exact: true })).toHaveCount(0);
  for (const name of ['ledger', 'nowhere']) {
    const answer = await page.request.get(`/catalog/component/default/${name}/edit`);
    expect(answer.status(), name).toBe(404);
  }
});

test('a file that was handed over is shown as it is to be', async ({ page }) => {
  await signIn(page, 'developer', '/catalog/component/default/ledger/edit');
  await page.getByLabel('Description').fill('Books every movement of money, twice');
  await page.getByRole('button', { name: 'Show what to change' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Change description of ledger: by hand' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'The entity as YAML, changed' })).toContainText('Books every movement of money, twice');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});

test('a team adopts what nobody owns', async ({ page }) => {
  const name = suffixed('adopted');
  await signIn(page, 'developer', '/catalog');
  const entry = await imported(page, name, 'nobody-any-more');
  await page.goto('/catalog/unowned');
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('its repository lies below their name');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await row.getByRole('button', { name: `Adopt ${name} for payments` }).click();
  await expect(page.getByRole('heading', { level: 1, name: `Change owner of ${name}: in review` })).toBeVisible({ timeout: 30_000 });
  const address = (await page.getByRole('link', { name: 'Open the change request' }).getAttribute('href')) ?? '';
  await page.goto('/catalog/unowned');
  await expect(row.getByRole('link', { name: 'A change is under way' })).toBeVisible();
  await merge(name, address.split('/').pop()!);
  await page.goto(entry);
  await page.getByRole('link', { name: 'catalog-info.yaml, line 1' }).click();
  await page.getByRole('button', { name: 'Look again now' }).click();
  await expect(async () => {
    await page.goto('/catalog/unowned');
    await expect(row).toHaveCount(0, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await page.goto(entry);
  await expect(page.getByRole('main')).toContainText('It belongs to payments now');
});
