import { expectAccessible, expectNoHorizontalScroll } from '../support/checks.ts';
import { expect, test } from '../support/local-provider.ts';
import { fillSignIn, people } from '../support/people.ts';
import { authorizationRequest, authorizationResponse } from '../support/relying-party.ts';

test.use({ expectedErrors: [/status of (400|404|422)/] });

test('the sign-in page lists the accounts and is fit for everyone', async ({ page, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  await expect(page).toHaveTitle('Sign in to Waymark');
  await expect(page.getByRole('main')).toContainText('local demo provider');
  const rows = page.getByRole('listitem');
  await expect(rows).toHaveCount(Object.keys(people).length);
  await expect(rows.filter({ hasText: people.leadership.name })).toContainText('Reads every maturity and cost page');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('the refused form is fit for everyone', async ({ page, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  await fillSignIn(page, '<b>developer</b>', 'wrong');
  await expect(page.getByLabel('Account', { exact: true })).toHaveValue('<b>developer</b>');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('the form works with the keyboard alone', async ({ page, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  await expect(page.getByLabel('Account', { exact: true })).toBeFocused();
  await page.keyboard.type('developer');
  await page.keyboard.press('Tab');
  await page.keyboard.type('waymark');
  await page.keyboard.press('Enter');
  expect((await authorizationResponse(page, idp)).get('code')).toBeTruthy();
});

test('an address to return to that nobody registered is explained', async ({ page, idp }) => {
  await page.goto(authorizationRequest(idp, { redirect_uri: 'http://localhost:9/elsewhere' }).url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The address to return to is not known here');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('link', { name: 'Go to Waymark' }).click();
  await expect(page).toHaveURL(idp.client.home);
});

test('a sign-in that was finished already is explained', async ({ page, context, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  const form = page.url();
  await fillSignIn(page, 'developer');
  await authorizationResponse(page, idp);
  await page.goto(form);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This sign-in has expired');
  await expect(page.getByRole('link', { name: 'Go to Waymark' })).toHaveAttribute('href', idp.client.home);

  await page.goto(authorizationRequest(idp).url);
  await context.clearCookies();
  await fillSignIn(page, 'developer');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This sign-in has expired');
});

test('an address of nothing is explained', async ({ page, idp }) => {
  const answer = await page.goto(`${idp.issuer}/nothing`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is nothing at this address');
  await expect(page.getByRole('link', { name: 'Go to Waymark' })).toHaveAttribute('href', idp.client.home);
});

test('the question before signing out is fit for everyone, and so is the page after', async ({ page, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  await fillSignIn(page, 'developer');
  await authorizationResponse(page, idp);
  await page.goto(`${idp.issuer}/session/end`);
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
  await expectAccessible(page);
  await expectNoHorizontalScroll(page, 320);
});

test('every answer forbids scripts and framing, and other host names are turned away', async ({ request, idp }) => {
  for (const path of ['/nothing', '/assets/style.css', '/.well-known/openid-configuration']) {
    const headers = (await request.get(`${idp.issuer}${path}`)).headers();
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  const stranger = await request.get(`http://127.0.0.1:${idp.port}/.well-known/openid-configuration`);
  expect(stranger.status()).toBe(421);
});
