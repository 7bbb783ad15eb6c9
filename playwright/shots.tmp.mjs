import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
const stack = JSON.parse(readFileSync('/tmp/w3/stack.json','utf8'));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ baseURL: stack.web, viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
async function signIn(login, next='/') {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByLabel('Account', { exact: true }).fill(login);
  await page.getByLabel('Password', { exact: true }).fill('waymark');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(u => u.origin === new URL(stack.web).origin && u.pathname !== '/auth/callback');
}
const api = async (method, path, data) => {
  const r = await page.request.fetch(path, { method, data, headers: { origin: stack.web } });
  return { status: r.status(), body: await r.json().catch(() => null) };
};
export { stack, browser, context, page, signIn, api };
