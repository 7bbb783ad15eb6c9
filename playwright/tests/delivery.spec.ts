/** A service from its golden path to running pods; a push, a promotion that a lead approves, and the way back. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { callCluster } from '../support/cluster.ts';
import { clone, gitToken } from '../support/git.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { create, marked, named, opened, row } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

const { web, git } = requireStack();
// The local Git host comes without its own style and scripts.
test.use({ expectedErrors: [new RegExp(`404 .*${new URL(git.url).host}/assets/`)] });

const BUILD = { image: 'registry.example/checkout', tag: '1.5.0' };

test('a push runs in dev, is promoted to prod by a lead, and is rolled back', async ({ page, browser }, info) => {
  test.setTimeout(300_000);
  const service = named('p', info.project.name);
  await signIn(page, 'developer');
  await create(page, 'web-service', service);
  const address = `/catalog/component/default/${service}`;

  await opened(page, address, new RegExp(`^${service} runs$`));
  const main = page.getByRole('main');
  await expect(main).toContainText(`${service} runs the starter image`);
  await expect(main).toContainText('owned by payments');
  await expect(main).toContainText(/changed last by developer/);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  const kubeconfig = await page.request.get(`/provisioning/local/payments-${service}-dev/kubeconfig`);
  expect(kubeconfig.status()).toBe(200);
  expect(kubeconfig.headers()['content-disposition']).toContain('attachment');
  expect(await kubeconfig.text()).toContain(`namespace: payments-${service}-dev`);

  const command = await page.getByRole('group', { name: 'Clone command' }).innerText();
  const working = await clone(command.trim(), 'developer', await gitToken(page, 'developer'));
  try {
    const dev = 'deploy/overlays/dev/kustomization.yaml';
    const commit = await working.push('Build 1.5.0', { [dev]: built(await working.read(dev)) });
    await expect(async () => {
      await page.goto(address);
      await expect(row(page, 'dev')).toContainText(BUILD.tag, { timeout: 500 });
      await expect(row(page, 'dev')).toContainText(commit.slice(0, 7), { timeout: 500 });
      await expect(row(page, 'dev')).toContainText('runs', { timeout: 500 });
    }).toPass({ timeout: 60_000 });
  } finally {
    await working.remove();
  }
  await expect(row(page, 'staging')).toContainText('starter image');

  await page.getByRole('button', { name: `Promote ${BUILD.tag} to staging` }).first().click();
  await agreed(page, 'Push it to staging');
  const promotion = page.url();
  await page.goto(address);
  const stays = await marked(page);
  await expect(row(page, 'staging')).toContainText(BUILD.tag, { timeout: 60_000 });
  await expect(row(page, 'staging').getByText('runs', { exact: true })).toBeVisible({ timeout: 60_000 });
  if (info.project.name === 'js') expect(await stays(), 'the page followed without being loaded again').toBe(true);
  await opened(page, promotion, /: synced$/);
  await expectAccessible(page);

  await page.goto(`/delivery?service=${service}`);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByLabel('What is synced in').selectOption(`payments-${service}-staging`);
  await page.getByLabel('To', { exact: true }).selectOption(`payments-${service}-prod`);
  await page.getByRole('button', { name: `Show what promoting ${service} changes` }).click();
  await agreed(page, 'Ask a lead of payments');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('waits for a lead');
  await expect(page.getByRole('button', { name: 'Approve for prod' })).toHaveCount(0);
  const change = page.url();

  const other = await browser.newContext({ ...info.project.use, baseURL: web });
  const lead = await other.newPage();
  await signIn(lead, 'lead', new URL(change).pathname);
  await expectAccessible(lead);
  await lead.getByRole('button', { name: 'Approve for prod' }).click();
  await opened(lead, change, /: synced$/);
  await expect(lead.getByRole('main')).toContainText('lead approved it.');
  await other.close();

  await opened(page, address, new RegExp(`^${service} runs$`));
  await expect(row(page, 'prod')).toContainText(BUILD.tag);
  const deployment = await callCluster('GET', `/apis/apps/v1/namespaces/payments-${service}-prod/deployments/${service}`);
  expect(deployment.spec.template.spec.containers[0].image).toBe(`${BUILD.image}:${BUILD.tag}`);

  await page.goto(`/delivery?service=${service}`);
  await page.getByRole('button', { name: 'Show what rolling back staging changes' }).click();
  await agreed(page, 'Push it to staging');
  await opened(page, page.url(), /: synced$/);
  await opened(page, address, new RegExp(`^${service} runs$`));
  await expect(row(page, 'staging')).toContainText('starter image');
  await expect(row(page, 'prod')).toContainText(BUILD.tag);
  await expect(page.getByRole('main')).toContainText(`Roll ${service} back to`);
});

test('what is pushed by hand runs in prod when a lead has read it', async ({ page, browser }, info) => {
  test.setTimeout(240_000);
  const service = named('h', info.project.name);
  await signIn(page, 'developer');
  await create(page, 'web-service', service);
  const address = `/catalog/component/default/${service}`;
  await opened(page, address, new RegExp(`^${service} runs$`));
  const main = page.getByRole('main');
  await expect(main).not.toContainText('main holds changes');
  const inProd = `/apis/apps/v1/namespaces/payments-${service}-prod/deployments/${service}`;
  const before = await callCluster('GET', inProd);

  const command = await page.getByRole('group', { name: 'Clone command' }).innerText();
  const working = await clone(command.trim(), 'developer', await gitToken(page, 'developer'));
  const [prod, base] = ['deploy/overlays/prod/kustomization.yaml', 'deploy/base/kustomization.yaml'];
  try {
    await working.push('Fewer pods in prod', { [prod]: (await working.read(prod)).replace('count: 3', 'count: 2') });
    const commit = await working.push('Drain longer', {
      [base]: (await working.read(base)).replace('DRAIN_DELAY=5s', 'DRAIN_DELAY=6s'),
    });
    await expect(async () => {
      await page.goto(address);
      await expect(row(page, 'dev')).toContainText(commit.slice(0, 7), { timeout: 500 });
      await expect(row(page, 'dev').getByText('runs', { exact: true })).toBeVisible({ timeout: 500 });
      await expect(main).toContainText('main is 2 commits ahead of what prod runs', { timeout: 500 });
      // While something is under way the page is loaded again by itself, which the check below would find.
      await expect(main).not.toContainText('This page follows', { timeout: 500 });
    }).toPass({ timeout: 60_000 });
  } finally {
    await working.remove();
  }
  await expect(row(page, 'prod')).toContainText('main is ahead');
  await expect(main).toContainText('main holds changes that prod does not run');
  for (const path of [prod, base]) await expect(main).toContainText(path);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  const untouched = await callCluster('GET', inProd);
  expect(untouched.metadata.generation).toBe(before.metadata.generation);
  const listed = await (await page.request.get(`/api/v1/deliveries?service=${service}`)).json();
  const pinned = listed.items.find((item: { environment: string }) => item.environment === 'prod').pinned;
  expect(pinned.unreleased_files).toEqual([base, prod]);

  await page.getByRole('button', { name: 'Show what releasing main to prod changes' }).click();
  await agreed(page, 'Ask a lead of payments');
  await expect(main).toContainText('This also brings what was pushed to main before');
  const change = page.url();
  const other = await browser.newContext({ ...info.project.use, baseURL: web });
  const lead = await other.newPage();
  await signIn(lead, 'lead', new URL(change).pathname);
  await expect(lead.getByRole('group', { name: `Changes in ${base}` })).toContainText('DRAIN_DELAY=6s');
  await expect(lead.getByRole('group', { name: `Changes in ${prod}` })).toContainText('count: 2');
  await lead.getByRole('button', { name: 'Approve for prod' }).click();
  await opened(lead, change, /: synced$/);
  await other.close();
  await expect.poll(async () => (await callCluster('GET', inProd)).spec.replicas).toBe(2);
  await opened(page, address, new RegExp(`^${service} runs$`));
  await expect(main).not.toContainText('main holds changes');
});

test('a commit that opens a fence is refused, and the page says why', async ({ page }, info) => {
  test.setTimeout(180_000);
  const service = named('f', info.project.name);
  await signIn(page, 'developer');
  await create(page, 'web-service', service);
  const address = `/catalog/component/default/${service}`;
  await opened(page, address, new RegExp(`^${service} runs$`));
  const command = await page.getByRole('group', { name: 'Clone command' }).innerText();
  const working = await clone(command.trim(), 'developer', await gitToken(page, 'developer'));
  try {
    const dev = 'deploy/overlays/dev/kustomization.yaml';
    const text = await working.read(dev);
    await working.push('Open the fence', {
      [dev]: text.replace('  - ../../base\n', '  - ../../base\n  - open.yaml\n'),
      'deploy/overlays/dev/open.yaml': OPEN,
    });
    await opened(page, address, new RegExp(`^${service} is stuck in dev$`));
    const main = page.getByRole('main');
    await expect(main).toContainText('The commit holds what a repository may not change in dev');
    await expect(main).toContainText('cannot patch resource "networkpolicies"');
    await expect(main).toContainText('Nothing of this commit was applied');
    await expectAccessible(page);
    await expectNoHorizontalScroll(page);
  } finally {
    await working.remove();
  }
});

test("what runs is the team's own to see", async ({ page }, info) => {
  test.setTimeout(120_000);
  const service = named('n', info.project.name);
  await signIn(page, 'developer');
  await create(page, 'web-service', service);
  await signIn(page, 'neighbour', `/catalog/component/default/${service}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(service);
  await expect(page.getByRole('main')).not.toContainText('git clone');
  const kubeconfig = await page.request.get(`/provisioning/local/payments-${service}-dev/kubeconfig`);
  expect(kubeconfig.status()).toBe(404);
  const list = await page.request.get(`/api/v1/deliveries?service=${service}`);
  expect((await list.json()).items).toEqual([]);
  await page.goto('/delivery');
  await expect(page.getByRole('main')).not.toContainText(service);
  await expectAccessible(page);
});

const OPEN = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: open
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{}]
`;

/** The overlay as a build leaves it: another image by tag in the place of the one by digest. */
function built(overlay: string): string {
  return overlay
    .replace(/newName: .*/, `newName: ${BUILD.image}`)
    .replace(/digest: .*/, `newTag: "${BUILD.tag}"`);
}

/** Reads the difference of a change as soon as it is there, and agrees to it. */
async function agreed(page: Page, button: string): Promise<void> {
  await expect(async () => {
    await page.goto(page.url());
    await expect(page.getByRole('group', { name: /^Changes in / }).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 30_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: button }).click();
}
