/** From the list of golden paths to a service that stands: form, draft, plan, run. */
import type { Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { callCluster } from '../support/cluster.ts';
import { expect, test } from '../support/journey.ts';
import { fillSignIn, signIn, type Login } from '../support/people.ts';
import { marked, plan } from '../support/services.ts';
import { requireStack } from '../support/stack.ts';

const FORM = '/golden-paths/web-service/new';

test('a developer mistypes, comes back to the draft, reads the plan and creates the service', async ({ page }, info) => {
  test.setTimeout(180_000);
  const name = unused(info.project.name);
  await signIn(page, one(info.project.name, 'developer', 'lead'));
  await page.getByRole('main').getByRole('link', { name: 'Web service', exact: true }).click();
  await expect(page).toHaveURL(FORM);
  await startAfresh(page);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  await field(page, 'Name').fill('Чекаут');
  await field(page, 'Port').fill('+5');
  await field(page, 'Description').fill('Takes orders.');
  await page.getByRole('button', { name: 'See the plan' }).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Name: Use 1 to 40 lower-case letters');
  await expect(summary).toContainText('Port: This is no plain number');
  await expectKept(page, { Name: 'Чекаут', Port: '+5', Description: 'Takes orders.' });
  await expect(field(page, 'Name')).toHaveAccessibleDescription(/Use 1 to 40 lower-case letters/);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await summary.getByRole('link', { name: /^Port:/ }).click();
  await expect(page).toHaveURL(/#field-port$/);

  await field(page, 'Name').fill(name);
  await field(page, 'Port').fill('8081');
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByText('Your draft is kept')).toBeVisible();
  await page.goto('/');
  await page.getByRole('link', { name: `Go on with ${name}` }).click();
  await expectKept(page, { Name: name, Port: '8081', Description: 'Takes orders.' });
  await expect(page.getByRole('main')).toContainText(`payments-${name}-staging`);

  await page.getByRole('button', { name: 'See the plan' }).click();
  const create = page.getByRole('button', { name: `Create ${name}`, exact: true });
  await expect(create).toBeVisible({ timeout: 30_000 });
  await expectPlan(page, name);
  await create.click();

  await expect(page).toHaveURL(/\/scaffold\//);
  await expectFollowed(page, name, info.project.name === 'js');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('link', { name: `Show ${name}`, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Takes orders.');
  for (const environment of ['dev', 'staging', 'prod']) {
    const namespace = await callCluster('GET', `/api/v1/namespaces/payments-${name}-${environment}`);
    expect(namespace.status.phase).toBe('Active');
  }
  await page.goto('/');
  await expect(page.getByRole('link', { name: `Go on with ${name}` })).toHaveCount(0);
});

test('what was typed survives the end of the session', async ({ page, context }, info) => {
  const login = one(info.project.name, 'neighbour', 'leadership');
  await signIn(page, login, FORM);
  await startAfresh(page);
  const name = unused(info.project.name);
  await field(page, 'Name').fill(name);
  await field(page, 'Port').fill('1e3');
  await context.clearCookies({ name: /^__Host-sid/ });
  await page.getByRole('button', { name: 'See the plan' }).click();
  await fillSignIn(page, login);
  await expect(page).toHaveURL(new RegExp(`${FORM}\\?kept=`));
  await expect(page.getByRole('status')).toContainText('Your session had ended');
  await expectKept(page, { Name: name, Port: '1e3' });
  // Home of whoever only reads is calm, and a draft is none of it.
  await startAfresh(page);
});

test('a world that has moved is told before anything is made', async ({ page }, info) => {
  const name = unused(info.project.name);
  await signIn(page, one(info.project.name, 'platform', 'operator'));
  const first = await plan(page, 'web-service', { name, owner: 'group:default/payments' });
  const second = await plan(page, 'web-service', { name, owner: 'group:default/payments' });
  const run = await page.request.post('/api/v1/runs', {
    headers: { origin: requireStack().web },
    data: { plan_id: first.id, plan_hash: first.hash },
  });
  expect(run.status(), await run.text()).toBe(202);
  await expect
    .poll(async () => (await page.request.get(`/api/v1/runs/${(await run.json()).id}`)).json(), { timeout: 60_000 })
    .toMatchObject({ state: 'succeeded' });

  await page.goto(`/golden-paths/web-service/plans/${second.id}`);
  await page.getByRole('button', { name: `Create ${name}`, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The world has moved since this plan');
  await expect(page.getByRole('main')).toContainText('Nothing was made');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Plan again' }).click();
  await expect(page).toHaveURL(FORM);
  await expect(field(page, 'Name')).toHaveAccessibleDescription(/exists in the catalog/);
  await expectKept(page, { Name: name, Port: '8080' });
  await startAfresh(page);
});

test('each path says what it is for, what it makes and what it asks', async ({ page }) => {
  await signIn(page, 'leadership', '/golden-paths');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('main').getByRole('link', { name: 'What it makes' }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Web service' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Versions' })).toContainText('1.0.0');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.goto(FORM);
  await expect(page.getByText('You are in no team that could own a service')).toBeVisible();
});

/** The plan says what there will be, down to the bytes of a file and the words of the API server. */
async function expectPlan(page: Page, name: string): Promise<void> {
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This is what will happen');
  await expect(main).toContainText(`payments/${name}`);
  await expect(main).toContainText(`component:default/${name}`);
  await expect(main).toContainText('Nobody has to approve this.');
  await expect(main.getByText('refused', { exact: true })).toHaveCount(0);
  await main.locator('summary').filter({ hasText: 'catalog-info.yaml' }).click();
  await expect(main.getByRole('group', { name: 'Changes in catalog-info.yaml' })).toContainText(`name: ${name}`);
  await main.locator('summary').filter({ hasText: `payments-${name}-dev` }).click();
  await expect(main).toContainText('ResourceQuota/waymark-compute');
  await expect(page.getByRole('table', { name: 'Quota before and after' })).toContainText('requests.cpu');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
}

/** The page of a run follows it in every tab, tells each step with its duration and what it made, and says the same again. */
async function expectFollowed(page: Page, name: string, hasScripts: boolean): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(page.url());
  const stays = await marked(page);
  for (const tab of [page, other]) {
    await expect(tab.getByRole('heading', { level: 1 })).toHaveText(`${name} is ready`, { timeout: 60_000 });
  }
  if (hasScripts) expect(await stays(), 'the page was not loaded again').toBe(true);
  const run = await (await page.request.get(`/api/v1/runs/${page.url().split('/').pop()}`)).json();
  const steps = stepsOf(page);
  await expect(steps).toHaveCount(run.steps.length);
  for (const [at, step] of run.steps.entries()) {
    await expect(steps.nth(at)).toContainText(step.name);
    await expect(steps.nth(at)).toContainText(/done · \d+\.\d s/);
    if (step.link) await expect(steps.nth(at).getByRole('link')).toHaveAttribute('href', step.link);
  }
  expect(run.steps.filter((step: { link: string | null }) => step.link).length).toBeGreaterThan(2);
  const said = await steps.allInnerTexts();
  expect(await stepsOf(other).allInnerTexts()).toEqual(said);
  await other.close();
  await page.reload();
  expect(await stepsOf(page).allInnerTexts()).toEqual(said);
}

function stepsOf(page: Page) {
  return page.locator('section', { has: page.getByRole('heading', { name: 'Steps', exact: true }) }).locator('ol > li');
}

async function expectKept(page: Page, typed: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(typed)) await expect(field(page, label)).toHaveValue(value);
}

/** Other journeys of the same person may have left a draft. */
async function startAfresh(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Start afresh' });
  if (await button.isVisible()) await button.click();
  await expect(field(page, 'Port')).toHaveValue('8080');
}

function field(page: Page, label: string) {
  return page.getByRole('textbox', { name: label, exact: true });
}

/** A draft belongs to a person and a path, and both projects run at once: each journey has a writer of its own. */
function one(project: string, withScripts: Login, without: Login): Login {
  return project === 'js' ? withScripts : without;
}

function unused(project: string): string {
  return `g${project === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
}
