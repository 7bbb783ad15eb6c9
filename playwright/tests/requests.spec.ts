/** Accelerators beyond the policy: asked for by a team, decided by the platform team. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { askForCards } from '../support/namespaces.ts';
import { fillSignIn, signIn } from '../support/people.ts';

test('what is beyond the policy waits for the platform team, and a refusal has a reason', async ({ page }, info) => {
  const environment = `q${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  await signIn(page, 'developer');
  const id = await askForCards(page, environment);
  const request = page.locator(`[id="${id}"]`);
  await page.goto('/provisioning');
  await page.getByRole('link', { name: 'Requests for accelerators' }).click();
  await expect(request).toContainText('waits for a decision');
  await expect(request).toContainText('up to 2 are granted at once');
  await expect(request.getByRole('button', { name: 'Grant it' })).toHaveCount(0);

  await signIn(page, 'platform');
  // As the answer to a decision that came long after the sign-in leads.
  await page.goto(`/login?fresh=1&next=${encodeURIComponent(`/provisioning/requests?afresh=${id}#${id}`)}`);
  await fillSignIn(page, 'platform');
  await expect(request).toContainText('nothing was done before it. Now grant the request.');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await request.getByRole('link', { name: 'Refuse it' }).click();
  await request.getByLabel('Why it is refused').fill(' ');
  await request.getByRole('button', { name: 'Refuse it' }).click();
  await expect(request).toContainText('Say why, so that whoever asked can do better.');
  await expectAccessible(page);
  await request.getByLabel('Why it is refused').fill('A slice is enough for this model.');
  await request.getByRole('button', { name: 'Refuse it' }).click();
  await expect(request).toContainText('refused');

  await signIn(page, 'developer', '/provisioning/requests');
  await expect(request).toContainText('Decided by platform. A slice is enough for this model.');
  await signIn(page, 'neighbour', '/provisioning/requests');
  await expect(request).toHaveCount(0);
  expect((await page.request.get(`/api/v1/quota-requests/${id}`)).status()).toBe(404);
});
