/** A namespace: declared, fenced, kept equal to what was declared. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { callCluster } from '../support/cluster.ts';
import { expect, test } from '../support/journey.ts';
import { declare } from '../support/namespaces.ts';
import { signIn } from '../support/people.ts';

test('a namespace is fenced, and what somebody else changes is put back and told', async ({ page }, info) => {
  test.slow();
  const environment = `e${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  await signIn(page, 'developer');
  const name = await declare(page, environment);
  const address = `/provisioning/local/${name}`;

  await expect(async () => {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name} is as declared`, { timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  const quota = `/api/v1/namespaces/${name}/resourcequotas/waymark-compute`;
  const before = (await callCluster('GET', quota)).spec.hard.pods;
  await callCluster('PATCH', `${quota}?fieldManager=kubectl-edit`, { spec: { hard: { pods: '7' } } });
  await expect.poll(async () => (await callCluster('GET', quota)).spec.hard.pods, { timeout: 30_000 }).toBe(before);

  await expect(async () => {
    await page.goto(address);
    await expect(page.getByRole('main')).toContainText('Put back after', { timeout: 500 });
  }).toPass({ timeout: 30_000 });
  const main = page.getByRole('main');
  await expect(main).toContainText('ResourceQuota/waymark-compute spec.hard.pods');
  await expect(main).toContainText(`was changed from ${before} to 7`);
  await expect(main).toContainText('kubectl-edit');
  await expectAccessible(page);

  await page.goto('/provisioning');
  await expect(page.getByRole('link', { name })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test("another team's namespace looks like one that is not there", async ({ page }, info) => {
  const environment = `h${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  await signIn(page, 'developer');
  const name = await declare(page, environment);
  await signIn(page, 'neighbour');
  const hidden = await page.request.get(`/api/v1/namespaces/local/${name}`);
  expect(hidden.status()).toBe(404);
});
