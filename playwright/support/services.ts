/** Services that a journey makes for itself, and the page on which they are looked at. */
import { expect, type Page } from '@playwright/test';

import { requireStack } from './stack.ts';

export interface Parameters {
  name: string;
  owner: string;
  [name: string]: unknown;
}

export interface Plan {
  id: string;
  hash: string;
}

const headers = { origin: requireStack().web };

/** A name that nothing else has; both projects run at once. */
export function named(prefix: string, project: string): string {
  return `${prefix}${project === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
}

/** The row of an environment on the page of a service. */
export function row(page: Page, environment: string) {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${environment}`) }) });
}

/** Marks the page as it is loaded now; what comes back tells whether it still is the same one. */
export async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => Object.assign(window, { isMarked: true }));
  return () => page.evaluate(() => 'isMarked' in window);
}

/** Loads the page until its title is as it should be. */
export async function opened(page: Page, address: string, title: RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title, { timeout: 500 });
    // Without scripts a page that is under way loads itself again, which no check should be in the middle of.
    await expect(page.locator('meta[http-equiv="refresh"]')).toHaveCount(0, { timeout: 500 });
  }).toPass({ timeout: 60_000 });
}

/** Asks for the plan of a service and waits until it is there. */
export async function plan(page: Page, path: string, parameters: Parameters): Promise<Plan> {
  const asked = await page.request.post(`/api/v1/golden-paths/${path}/plans`, { headers, data: { parameters } });
  expect([201, 202], await asked.text()).toContain(asked.status());
  const { id } = await asked.json();
  let plan: Plan & { state: string } = { id, hash: '', state: '' };
  await expect
    .poll(async () => (plan = await (await page.request.get(`/api/v1/plans/${id}`)).json()).state, { timeout: 60_000 })
    .toBe('ready');
  return plan;
}

/** Creates a service of payments from a golden path and waits until its run has ended. */
export async function create(page: Page, path: string, name: string): Promise<void> {
  const read = await plan(page, path, { name, owner: 'group:default/payments' });
  const accepted = await page.request.post('/api/v1/runs', { headers, data: { plan_id: read.id, plan_hash: read.hash } });
  expect(accepted.status(), await accepted.text()).toBe(202);
  const run = (await accepted.json()).id;
  await expect
    .poll(async () => (await (await page.request.get(`/api/v1/runs/${run}`)).json()).state, { timeout: 90_000 })
    .toBe('succeeded');
}
