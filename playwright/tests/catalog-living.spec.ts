/** A source over its life: chosen, compared with what is there, kept up by pushes, moved, ended; and what few may see. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { named, opened } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

const { git } = requireStack();

// The list of repositories is a minute old at most, and a worker reads more than once.
test.setTimeout(180_000);

const component = (name: string, description: string, more = '') => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${name}, description: ${description}}
spec: {type: library, lifecycle: experimental, owner: payments${more}}
`;

/** At the Git host, past the product. */
async function host(method: string, path: string, body: object): Promise<any> {
  const headers = { authorization: `token ${git.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${git.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer.json();
}

const content = (text: string) => Buffer.from(text).toString('base64');
const file = (repository: string) => `repos/payments/${repository}/contents/catalog-info.yaml`;

/** A private repository of payments with this catalog file; answers the file's blob. */
async function repository(name: string, text: string): Promise<string> {
  await host('POST', 'orgs/payments/repos', { name, private: true, default_branch: 'main' });
  const made = await host('POST', file(name), { content: content(text), branch: 'main', message: 'Describe' });
  return made.content.sha;
}

/** Loads the page until it says so. */
async function says(page: Page, address: string, words: string): Promise<void> {
  await expect(async () => {
    await page.goto(address);
    await expect(page.getByRole('main')).toContainText(words, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

test('a repository is chosen from the list, follows its pushes and its new address, and ends', async ({ page }, info) => {
  const name = named('chosen', info.project.name);
  const sha = await repository(name, `${component(name, 'Chosen from a list')}---\n${component('ledger', 'Somebody else has it')}`);
  await signIn(page, 'developer', '/catalog/import');
  const row = page.getByRole('row', { name: new RegExp(`payments/${name}`) });
  await expect(async () => {
    await page.goto('/catalog/import');
    await expect(row).toContainText('found', { timeout: 1_000 });
  }).toPass({ timeout: 100_000 });
  await row.getByRole('button', { name: `Preview payments/${name}` }).click();

  // What another source has is told before anything is taken over, with whose it is.
  await expect(page.getByRole('heading', { level: 1, name: `This is what payments/${name} would bring` })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('main')).toContainText('1 new, 1 held by somebody else, left alone.');
  const held = page.getByRole('row', { name: /component:default\/ledger/ });
  await expect(held).toContainText('collides');
  await expect(held).toContainText('The catalog has it from elsewhere: file:');
  await expect(held).toContainText(/catalog-info\.yaml, line 8, column 18/);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'It is in the catalog' })).toBeVisible();
  const source = page.url().replace(/\?.*$/, '');
  await page.goto('/catalog/component/default/ledger');
  await expect(page.getByRole('main')).toContainText('Books every movement of money');

  // A push is there long before anybody would have looked.
  await says(page, source, 'The Git host tells of them at once');
  await host('PUT', file(name), { content: content(component(name, 'Pushed and not looked for')), sha, branch: 'main', message: 'Say more' });
  await says(page, `/catalog/component/default/${name}`, 'Pushed and not looked for');

  const moved = `${name}-moved`;
  await host('PATCH', `repos/payments/${name}`, { name: moved });
  await page.goto(source);
  await page.getByRole('button', { name: 'Look again now' }).click();
  await says(page, source, 'It has another address');
  await opened(page, source, new RegExp(`payments/${name}`));
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: 'Read it from the new address' }).click();
  await opened(page, source, new RegExp(`payments/${moved}: catalog-info.yaml`));
  await expect(page.getByRole('main')).not.toContainText('It has another address');
  await page.goto(`/catalog/component/default/${name}`);
  await expect(page.getByRole('main')).toContainText('Pushed and not looked for');

  await page.goto(source);
  await page.getByRole('link', { name: 'End this source' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `End payments/${moved}: catalog-info.yaml?` })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(`component:default/${name}`);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: 'End this source' }).click();
  await expect(page.getByRole('main')).toContainText('This source has ended');
  await expectAccessible(page);
  await page.goto(`/catalog/component/default/${name}`);
  await expect(page.getByRole('main')).toContainText('Its source does not describe it any more');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});

test.describe('what few may see', () => {
  test.use({ expectedErrors: [/status of 404/] });

  test('a restricted system is there for its group alone', async ({ page, browser }, info) => {
    const name = named('vault', info.project.name);
    const system = `apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: ${name}, annotations: {waymark.dev/visible-to: payments}}
spec: {owner: payments}
`;
    await repository(name, `${system}---\n${component(`${name}-keys`, 'Keys to everything', `, system: ${name}`)}`);
    await signIn(page, 'developer', '/catalog/import');
    await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${name}`);
    await page.getByRole('button', { name: 'Show what it would bring' }).click();
    await page.getByRole('button', { name: 'Take it over' }).click({ timeout: 30_000 });
    await expect(page.getByRole('status').filter({ hasText: 'It is in the catalog' })).toBeVisible();
    await page.goto(`/catalog/system/default/${name}`);
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await expect(page.getByRole('link', { name: `${name}-keys` }).first()).toBeVisible();

    const { javaScriptEnabled } = info.project.use;
    const other = await (await browser.newContext({ javaScriptEnabled })).newPage();
    await signIn(other, 'neighbour');
    for (const path of [`system/default/${name}`, `component/default/${name}-keys`, 'system/default/nowhere']) {
      const answer = await other.goto(`/catalog/${path}`);
      expect(answer?.status(), path).toBe(404);
      await expect(other.getByRole('heading', { level: 1 })).toHaveText('There is nothing here that you can see');
    }
    await other.goto(`/search?q=${name}`);
    await expect(other.getByRole('heading', { level: 1, name: /Nothing matches/ })).toBeVisible();
    await other.context().close();
    await page.goto(`/search?q=${name}`);
    await expect(page.getByRole('link', { name: `${name}-keys` })).toBeVisible();
  });
});
