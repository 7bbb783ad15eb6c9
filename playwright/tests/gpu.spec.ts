/** Accelerators from the golden path to running pods: what is granted at once, what waits for people, what is too much. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { callCluster } from '../support/cluster.ts';
import { clone, gitToken } from '../support/git.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { create, named, opened, plan, row } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

const { web, git } = requireStack();
const DAY = 24 * 60 * 60 * 1000;
// The local Git host comes without its own style and scripts.
test.use({ expectedErrors: [new RegExp(`404 .*${new URL(git.url).host}/assets/`)] });

test('pods run on nodes with cards, and what the quota refuses can be asked for', async ({ page }, info) => {
  test.setTimeout(240_000);
  const service = named('m', info.project.name);
  await signIn(page, 'developer');
  await create(page, 'gpu-inference', service);
  for (const environment of ['dev', 'staging', 'prod']) {
    const [pod] = await podsOf(`payments-${service}-${environment}`);
    expect(pod.status.phase).toBe('Running');
    const node = await callCluster('GET', `/api/v1/nodes/${pod.spec.nodeName}`);
    expect(Number(node.status.allocatable['nvidia.com/gpu'])).toBeGreaterThan(0);
  }

  const address = `/catalog/component/default/${service}`;
  await opened(page, address, new RegExp(`^${service} runs$`));
  const command = await page.getByRole('group', { name: 'Clone command' }).innerText();
  const working = await clone(command.trim(), 'developer', await gitToken(page, 'developer'));
  try {
    const dev = 'deploy/overlays/dev/kustomization.yaml';
    await working.push('Two replicas', { [dev]: (await working.read(dev)).replace('count: 1', 'count: 2') });
  } finally {
    await working.remove();
  }
  await opened(page, address, new RegExp(`^${service} is stuck in dev$`));
  const main = page.getByRole('main');
  await expect(main).toContainText('exceeded quota: waymark-gpu, requested: requests.nvidia.com/gpu=1');
  await expect(main).toContainText('Ask for more for this namespace');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await page.getByRole('link', { name: 'Ask for more' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ask for accelerators');
  await expect(page.getByLabel('Resource')).toHaveValue('nvidia.com/gpu');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  const until = new Date(Date.now() + 40 * DAY).toISOString().slice(0, 10);
  await page.getByLabel('How many').fill('+5');
  await page.getByLabel('Until').fill(until);
  await page.getByLabel('What it is for').fill('A second replica for the sale');
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await expect(page.getByRole('alert')).toContainText('This is no plain number');
  await expect(page.getByLabel('How many')).toHaveValue('+5');
  await expect(page.getByLabel('Until')).toHaveValue(until);
  await expect(page.getByLabel('What it is for')).toHaveValue('A second replica for the sale');
  await expectAccessible(page);
  await page.getByLabel('How many').fill('1');
  await page.getByRole('button', { name: 'Ask for it' }).click();
  await expect(page).toHaveURL(/\/provisioning\/requests#/);
  const id = new URL(page.url()).hash.slice(1);
  await expect(page.locator(`[id="${id}"]`)).toContainText('waits for a decision');

  await signIn(page, 'platform', '/provisioning/requests');
  await page.locator(`[id="${id}"]`).getByRole('button', { name: 'Grant it' }).click();
  await expect(page.locator(`[id="${id}"]`)).toContainText('granted');
  await signIn(page, 'developer', address);
  await opened(page, address, new RegExp(`^${service} runs$`));
  await expect(row(page, 'dev')).toContainText('2');
  await page.goto(`/provisioning/local/payments-${service}-dev`);
  await expect(main).toContainText('A second replica for the sale');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await giveBack(page, service);
});

test('more than the policy grants waits for the platform team, and the plan says so first', async ({ page }, info) => {
  test.setTimeout(180_000);
  const service = named('w', info.project.name);
  // The demo teams have no budget for these slices.
  const accelerator = 'nvidia.com/mig-2g.20gb';
  await signIn(page, 'developer');
  const read = await plan(page, 'gpu-inference', { name: service, owner: 'group:default/payments', accelerator });
  await page.goto(`/golden-paths/gpu-inference/plans/${read.id}`);
  const main = page.getByRole('main');
  await expect(main).toContainText('platform');
  await expect(main).toContainText(`The team has no budget of ${accelerator}`);
  await expect(page.getByRole('table', { name: 'Quota before and after' })).toContainText(accelerator);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('button', { name: `Create ${service}`, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Creating ${service} waits`, { timeout: 60_000 });
  await expect(main).toContainText('platform team');
  const run = page.url();

  await signIn(page, 'platform', '/provisioning/requests');
  for (const environment of ['dev', 'staging', 'prod']) {
    const request = cardOf(page, `payments-${service}-${environment}`);
    await request.getByRole('button', { name: 'Grant it' }).click();
    await expect(request).toContainText('granted');
  }
  await signIn(page, 'developer', new URL(run).pathname);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${service} is ready`, { timeout: 90_000 });
  await expectAccessible(page);
  const [pod] = await podsOf(`payments-${service}-prod`);
  expect(pod.spec.containers[0].resources.limits[accelerator]).toBe('1');
});

/** Ends the leases of a service: the budget of its team is for all journeys. */
async function giveBack(page: Page, service: string): Promise<void> {
  const { items } = await (await page.request.get('/api/v1/quota-requests?state=granted')).json();
  const ours = items.filter(({ namespace }: { namespace: string }) => namespace.startsWith(`payments-${service}-`));
  expect(ours).toHaveLength(4);
  for (const { id } of ours) {
    const answer = await page.request.post(`/api/v1/quota-requests/${id}/withdraw`, { headers: { origin: web } });
    expect(answer.status(), await answer.text()).toBe(200);
  }
}

async function podsOf(namespace: string): Promise<any[]> {
  return (await callCluster('GET', `/api/v1/namespaces/${namespace}/pods`)).items;
}

/** The request for one namespace on the page of requests. */
function cardOf(page: Page, namespace: string) {
  return page.locator('[id]').filter({ has: page.getByRole('heading', { name: `for ${namespace}` }) }).last();
}
