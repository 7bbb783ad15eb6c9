/** From something that runs in a cluster and stands in no catalog to an entry that shows where it runs. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { callCluster } from '../support/cluster.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { named } from '../support/services.ts';

test.setTimeout(120_000);

/** A namespace of payments that somebody made past the platform, with one workload in it. */
async function putThere(name: string, labels: Record<string, string>): Promise<void> {
  await callCluster('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  await callCluster('POST', `/apis/apps/v1/namespaces/${name}/deployments`, {
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'registry.example/shop/web:1.4.2' }] } },
    },
  });
}

const offer = (page: Page, name: string) => page.getByRole('table', { name: `In no catalog: ${name} on local` }).getByRole('row', { name: `Deployment ${name}` });

test('what runs in no catalog is offered to the team, adopted, and shown where it runs', async ({ page }, info) => {
  const name = named('stray', info.project.name);
  await putThere(name, { team: 'payments', env: 'staging' });
  await signIn(page, 'developer', '/catalog/unowned');
  await expect(async () => {
    await page.goto('/catalog/unowned');
    await expect(offer(page, name)).toContainText('the label team of the namespace names them', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await offer(page, name).getByRole('button', { name: `Adopt ${name} for payments` }).click();

  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  const runs = page.getByRole('table', { name: 'Where it runs' });
  await expect(runs.getByRole('row', { name: `staging ${name} on local` })).toContainText('web:1.4.2');
  await expect(page.getByRole('main')).toContainText('It ran and stood in no catalog');
  await expect(async () => {
    await page.reload();
    await expect(runs).toContainText('1 of 1', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await page.getByRole('link', { name: 'See all environments' }).click();
  await page.getByLabel('Environment', { exact: true }).selectOption('staging');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/environment=staging/);
  await expect(page.getByRole('row', { name: new RegExp(`^${name} of payments staging`) })).toContainText('runs');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await callCluster('DELETE', `/apis/apps/v1/namespaces/${name}/deployments/${name}`);
  await expect(async () => {
    await page.goto(`/catalog/component/default/${name}`);
    await expect(page.getByRole('main')).toContainText('Nothing that runs carries its mark', { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await callCluster('DELETE', `/api/v1/namespaces/${name}`);
});

test('the platform team chooses the owner, and nobody else is told', async ({ page, browser }, info) => {
  const name = named('lost', info.project.name);
  await putThere(name, {});
  await signIn(page, 'platform', '/catalog/unowned');
  await expect(async () => {
    await page.goto('/catalog/unowned');
    await expect(offer(page, name)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  const other = await browser.newPage();
  await signIn(other, 'neighbour', '/catalog/unowned');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(other.getByText(name)).toHaveCount(0);
  const headers = { origin: new URL(other.url()).origin };
  for (const namespace of [name, 'nowhere']) {
    const form = { cluster: 'local', namespace, what: `Deployment/${name}`, owner: 'group:default/search' };
    const answer = await other.request.post('/catalog/unowned/adopt', { form, headers });
    expect(answer.status(), namespace).toBe(404);
  }
  await other.close();
  await offer(page, name).getByLabel(`Owner of ${name}`).selectOption('group:default/search');
  await offer(page, name).getByRole('button', { name: `Adopt ${name}` }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('main').getByRole('link', { name: 'search', exact: true }).first()).toBeVisible();
  await callCluster('DELETE', `/api/v1/namespaces/${name}`);
});
