/** From pages of Markdown in a repository to what people read and find. */
import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { git } = requireStack();

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const index = (word: string) => `# The handbook

How money moves, and [what to do at night](guides/night.md#first-look).

> [!WARNING]
> Only one of them writes.

![A plan of the service](img/plan.png) ![Elsewhere](https://example.org/badge.png)

| Column | Another one | And one more | And the last |
| --- | --- | --: | --- |
| a rather long cell of words | and more | 12345678901234567890 | and_more_without_any_break_in_it |

- [x] written
- [ ] read

\`\`\`sh
kubectl --namespace payments get deployment,pod,event --output wide --show-labels --sort-by .metadata.name
\`\`\`

## Settling

Every night the ${word} is settled.[^1] <script>document.title = 'broken'</script>

## Closing

Once a year.

[^1]: Except in leap years.
`;

const night = `# At night

## First look

Look at the lamp. [Back](../index.md)
`;

async function host(method: string, path: string, body: object): Promise<void> {
  const headers = { authorization: `token ${git.token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${git.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
}

const described = (name: string, annotations: string) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${name}, annotations: {${annotations}}}
spec: {type: library, lifecycle: experimental, owner: payments}
`;

test('documentation is read beside its code, followed, and found', async ({ page }) => {
  test.slow();
  const suffix = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const [name, bare, repository, word] = [`read-${suffix}`, `bare-${suffix}`, `docs-${suffix}`, `quetzal${suffix}`];
  await host('POST', 'orgs/payments/repos', { name: repository, private: true, default_branch: 'main' });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const files = {
    'catalog-info.yaml': base64(
      `${described(name, "backstage.io/techdocs-ref: 'dir:.'")}---\n${described(bare, 'a/b: c')}`,
    ),
    'docs/index.md': base64(index(word)),
    'docs/guides/night.md': base64(night),
    'docs/img/plan.png': PIXEL,
  };
  const operations = Object.entries(files).map(([path, content]) => ({ operation: 'create', path, content }));
  await host('POST', `repos/payments/${repository}/contents`, { branch: 'main', message: 'Describe', files: operations });

  await signIn(page, 'developer', '/catalog/import');
  await page.getByLabel('Address at the Git host').fill(`${git.url}/payments/${repository}`);
  await page.getByRole('button', { name: 'Show what it would bring' }).click();
  await expect(page.getByRole('button', { name: 'Take it over' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0, { timeout: 30_000 });
  await expect(async () => {
    await page.goto(`/catalog/component/default/${name}`);
    await expect(page.getByRole('link', { name: 'Docs', exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Docs', exact: true }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'The handbook' })).toBeVisible();
  await expect(page).toHaveTitle(/The handbook/);
  const text = page.getByRole('article');
  await expect(text.getByRole('heading', { level: 2, name: 'Settling' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/Read from docs\/index\.md at [0-9a-f]{7}/);
  const plan = text.getByRole('img', { name: 'A plan of the service' });
  expect(await plan.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(1);
  await expect(text.getByRole('link', { name: 'Elsewhere' })).toHaveAttribute('rel', /nofollow/);
  await expect(text.getByRole('img', { name: 'Done' })).toBeVisible();
  await expect(text.locator('script')).toHaveCount(0);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await text.getByRole('link', { name: 'what to do at night' }).click();
  await expect(page).toHaveURL(new RegExp(`/catalog/component/default/${name}/docs/guides/night#docs-first-look$`));
  await expect(page.getByRole('heading', { level: 1, name: 'At night' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'At night', exact: true })).toHaveAttribute('aria-current', 'page');
  await expectAccessible(page);
  await page.getByRole('navigation', { name: 'Previous and next page' }).getByRole('link', { name: /The handbook/ }).click();
  await expect(page).toHaveURL(new RegExp(`/${name}/docs$`));

  await page.getByLabel('Search in these docs').fill(word);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^One place in the docs of/ })).toBeVisible();
  await expect(page.locator('mark')).toHaveText(word);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
  await page.getByRole('link', { name: 'The handbook: Settling' }).click();
  await expect(page).toHaveURL(/docs#docs-settling$/);

  await page.goto(`/search?q=${word}`);
  const hit = page.getByRole('listitem').filter({ hasText: `in the docs of ${name}` });
  await expect(hit.getByRole('link', { name: 'The handbook: Settling' })).toBeVisible();
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);

  await page.goto(`/catalog/component/default/${bare}/docs`);
  await expect(page.getByRole('heading', { level: 1, name: `${bare} has no docs yet` })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('backstage.io/techdocs-ref: dir:.');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page);
});
