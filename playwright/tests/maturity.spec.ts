/** Maturity: levels with their evidence, unknown as unknown, and who sees whose. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';

const IN_FORCE = '12 of 90 rules in force';

test('a developer opens the levels of the own team down to their evidence', async ({ page }) => {
  test.slow();
  await signIn(page, 'developer');
  await page.goto('/maturity');
  const main = page.getByRole('main');
  await expect(main).toContainText(IN_FORCE);
  const teams = main.getByRole('table', { name: 'Levels of teams by dimension' });
  await expect(teams.getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  await teams.getByRole('link', { name: 'Payments', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Payments');
  const levels = main.getByRole('table', { name: 'Levels of Payments' });
  await expect(levels.getByRole('row')).toHaveCount(6);
  for (const row of (await levels.getByRole('row').all()).slice(1)) {
    await expect(row).toContainText(IN_FORCE);
  }
  const cell = levels.getByRole('link', { name: /^Payments, Policy: / });
  await expect(cell).toHaveAttribute('aria-label', /level (not known|[0-5])/);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  // The catalog is read within a minute of the start; what it says depends on what else was created by then.
  await expect(async () => {
    await page.goto('/maturity/teams/payments');
    const rule = main.getByRole('listitem').filter({ has: page.getByRole('link', { name: /belongs to a product/ }) });
    await expect(rule.first().getByText(/^(met|not met)$/)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 90_000 });
  await main.getByText('Evidence for BUS-1.2').click();
  const evidence = main.getByRole('group').filter({ hasText: 'Evidence for BUS-1.2' });
  await expect(evidence).toContainText('catalog.components');
  await expect(evidence).toContainText('seen by catalog');
  await expectAccessible(page);
});

test('what nobody has seen is unknown, with its reason, and neither good nor bad', async ({ page }) => {
  await signIn(page, 'developer');
  await page.goto('/maturity/services/component%3Adefault%2Frefunds');
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('refunds meets');
  const policy = main.getByRole('table').getByRole('row').filter({ hasText: 'Policy' });
  await expect(policy).toContainText('not known');
  await expect(policy.getByRole('link', { name: 'refunds, Policy: level not known' })).toHaveText('?');
  const rule = main.getByRole('listitem').filter({ has: page.getByRole('link', { name: /enforces Pod Security/ }) });
  await expect(rule.first()).toContainText('unknown');
  await expect(rule.first()).toContainText('Nobody has collected this fact yet.');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  await rule.getByRole('link', { name: /enforces Pod Security/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Pod Security');
  await expect(main).toContainText('k8s.namespace.pod_security');
  await expect(main.getByRole('table').getByRole('row').filter({ hasText: 'refunds' })).toContainText('unknown');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('leadership sees all teams by dimension', async ({ page }) => {
  await signIn(page, 'leadership');
  await page.goto('/maturity');
  const main = page.getByRole('main');
  const heat = main.getByRole('table', { name: 'Levels of teams by dimension' });
  await expect(heat.getByRole('columnheader')).toHaveText([
    'Team', 'People', 'Process', 'Policy', 'Technology', 'Business outcomes', 'Based on',
  ]);
  expect(await heat.getByRole('row').count()).toBeGreaterThanOrEqual(13);
  for (const row of (await heat.getByRole('row').all()).slice(1)) {
    await expect(row).toContainText(IN_FORCE);
    await expect(row.getByRole('link', { name: /: level (not known|[0-5])/ })).toHaveCount(5);
  }
  await expect(main.getByRole('table', { name: 'Levels of units by dimension' })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);

  const answer = await page.request.get('/api/v1/maturity/scores?subject=group:default/search&dimension=policy');
  const scores = await answer.json();
  expect(scores.items).toHaveLength(1);
  expect(scores).toMatchObject({ rules_in_force: 12, criteria: 90, next_cursor: null });
});

test("another team's maturity looks like one that is not there, and an outsider sees none", async ({ page }) => {
  await signIn(page, 'neighbour');
  for (const path of ['/maturity/teams/payments', '/maturity/services/component%3Adefault%2Frefunds']) {
    expect((await page.goto(path))?.status()).toBe(404);
  }
  const answer = await page.request.get('/api/v1/maturity/scores?subject=group:default/payments');
  expect((await answer.json()).items).toEqual([]);

  await signIn(page, 'outsider');
  await page.goto('/maturity');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No team of yours to look at yet');
  await expect(page.getByRole('main').getByRole('table')).toHaveCount(0);
  expect((await page.goto('/maturity/rules/TEC-1.1'))?.status()).toBe(404);
});
test.use({ expectedErrors: [/status of 404/] });
