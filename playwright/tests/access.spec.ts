/** Coming in, going out, and what somebody without a team sees. */
import type { BrowserContext, Page } from '@playwright/test';

import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/journey.ts';
import { fillSignIn, openAccountMenu, people, signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { web, oidc } = requireStack();

test('a visitor is sent to the provider and comes back signed in', async ({ page, request }) => {
  const home = await request.get('/', { headers: { accept: 'text/html' }, maxRedirects: 0 });
  expect(home.status()).toBe(303);
  const login = new URL(home.headers().location, web);
  expect(login.pathname).toBe('/login');
  const away = await request.get(login.href, { headers: { accept: 'text/html' }, maxRedirects: 0 });
  expect(away.status(), 'there is no page between').toBe(303);
  expect(new URL(away.headers().location).origin).toBe(oidc.issuer);

  await page.goto('/');
  await fillSignIn(page, 'developer');
  await page.waitForURL(`${web}/`);
  await expectHomeOf(page, people.developer.name);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('sign-in leads to the page that was asked for', async ({ page }) => {
  await page.goto('/catalog?kind=component');
  await fillSignIn(page, 'developer');
  await page.waitForURL(`${web}/catalog?kind=component`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('after signing out the pages ask again and the old session is worth nothing', async ({ page, context }) => {
  await signIn(page, 'developer');
  const cookie = await sessionCookie(context);
  expect(await statusOfHome(cookie), 'the cookie alone opens the home page').toBe(200);

  const signOut = await openAccountMenu(page);
  const ended = page.waitForResponse((response) => response.url().startsWith(`${oidc.issuer}/session/end`));
  await signOut.click();
  expect((await ended).status(), 'the provider ends its session without a question').toBe(303);
  await expect(signOut).toHaveCount(0);
  await page.goto('/');
  await expect(page).toHaveURL((url) => url.origin === oidc.issuer);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Waymark' })).toBeVisible();

  expect(await statusOfHome(cookie), 'the cookie of before leads to sign-in').toBe(303);
  const me = await fetch(`${web}/api/v1/me`, { headers: { cookie }, redirect: 'manual' });
  expect(me.status).toBe(401);
});

test('signing in as somebody else shows the other person', async ({ page }) => {
  await signIn(page, 'developer');
  await page.goto('/login?next=%2F');
  await fillSignIn(page, 'neighbour');
  await page.waitForURL(`${web}/`);
  await expectHomeOf(page, people.neighbour.name);
  await expect(page.getByText(people.developer.name)).toHaveCount(0);
});

test('an outsider learns that there is nothing yet and whom to ask', async ({ page }) => {
  await signIn(page, 'outsider');
  await expectHomeOf(page, people.outsider.name);
  const main = page.getByRole('main');
  await expect(main).toContainText(/nothing .*for you yet/i);
  await expect(main).toContainText(/\bask\b/i);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

async function expectHomeOf(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('main').getByText(name)).toBeVisible();
}

/** The session's cookie as a request header; its name carries the port on loopback. */
async function sessionCookie(context: BrowserContext): Promise<string> {
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name.startsWith('__Host-sid'));
  expect(session, 'signing in sets a session cookie').toBeDefined();
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  return `${session?.name}=${session?.value}`;
}

async function statusOfHome(cookie: string): Promise<number> {
  const answer = await fetch(`${web}/`, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
  return answer.status;
}
