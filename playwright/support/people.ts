/** The demo organisation's people, who come in by the same door as everybody. */
import { readFileSync } from 'node:fs';

import { expect, type Page } from '@playwright/test';

import { requireStack } from './stack.ts';

export type Login = 'developer' | 'lead' | 'neighbour' | 'platform' | 'operator' | 'leadership' | 'outsider';

export interface Person {
  login: Login;
  name: string;
  groups: string[];
}

export const PASSWORD = 'waymark';

const accounts: Person[] = JSON.parse(readFileSync(new URL('../oidc/accounts.json', import.meta.url), 'utf8'));

export const people = Object.fromEntries(accounts.map((person) => [person.login, person])) as Record<Login, Person>;

/** Signs in through the provider's form and ends at `next`, a path of the application. */
export async function signIn(page: Page, login: Login, next = '/'): Promise<Person> {
  const { web } = requireStack();
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await fillSignIn(page, login);
  await page.waitForURL((url) => url.origin === new URL(web).origin && url.pathname !== '/auth/callback');
  return people[login];
}

/** Opens the account menu, which needs no scripts, and answers its button. */
export async function openAccountMenu(page: Page) {
  await page.getByRole('button', { name: /^Account of / }).click();
  return page.getByRole('button', { name: 'Sign out' });
}

/** Fills in and sends the provider's form, which must be open. */
export async function fillSignIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Waymark' })).toBeVisible();
  await page.getByLabel('Account', { exact: true }).fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
