import type { Page } from '@playwright/test';

import { expect, test, type LocalProvider } from '../support/local-provider.ts';
import { fillSignIn } from '../support/people.ts';
import { authorizationRequest, authorizationResponse, redeem, verify } from '../support/relying-party.ts';

async function signedIn(page: Page, idp: LocalProvider, login: string) {
  const flow = authorizationRequest(idp);
  await page.goto(flow.url);
  await fillSignIn(page, login);
  const response = await authorizationResponse(page, idp);
  return redeem(idp, flow, response.get('code'));
}

function signOutUrl(idp: LocalProvider, hint: Record<string, string>): string {
  const parameters = { ...hint, post_logout_redirect_uri: idp.client.home, state: 'kept' };
  return `${idp.issuer}/session/end?${new URLSearchParams(parameters)}`;
}

test('an ID token signs its person out without a question and tells the application', async ({ page, idp }) => {
  const { id_token: idToken, access_token: accessToken, claims } = await signedIn(page, idp, 'developer');
  const known = idp.logoutTokens.length;
  const pages: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 200 && response.url().startsWith(idp.issuer)) pages.push(response.url());
  });
  await page.goto(signOutUrl(idp, { id_token_hint: idToken }));
  expect(page.url()).toBe(`${idp.client.home}?state=kept`);
  expect(pages, 'the browser saw no page of the provider').toEqual([]);

  expect(idp.logoutTokens).toHaveLength(known + 1);
  const notice = await verify(idp, idp.logoutTokens[known]);
  expect(notice).toMatchObject({
    sid: claims.sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  const me = await fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(me.status, 'the access token ended with the session').toBe(401);
  expect((await signedIn(page, idp, 'developer')).claims.sid).not.toBe(claims.sid);
});

test('signing out twice goes straight back', async ({ page, idp }) => {
  const { id_token: idToken } = await signedIn(page, idp, 'developer');
  for (let round = 0; round < 2; round += 1) {
    await page.goto(signOutUrl(idp, { id_token_hint: idToken }));
    expect(page.url()).toBe(`${idp.client.home}?state=kept`);
  }
});

test('signing in as somebody else ends the session before and tells the application', async ({ page, idp }) => {
  const first = await signedIn(page, idp, 'developer');
  const known = idp.logoutTokens.length;
  const second = await signedIn(page, idp, 'neighbour');
  expect(idp.logoutTokens).toHaveLength(known + 1);
  expect((await verify(idp, idp.logoutTokens[known])).sid).toBe(first.claims.sid);
  expect(second.claims.sid).not.toBe(first.claims.sid);
});

test('without an ID token the provider asks first', async ({ page, idp }) => {
  const { claims } = await signedIn(page, idp, 'lead');
  const url = signOutUrl(idp, { client_id: idp.client.id });
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1, name: 'Sign out of Waymark?' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('lead');
  const known = idp.logoutTokens.length;
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(`${idp.client.home}?state=kept`);
  expect((await verify(idp, idp.logoutTokens[known])).sid).toBe(claims.sid);
});

test('the ID token of somebody else does not sign out without a question', async ({ page, idp }) => {
  const { id_token: others } = await signedIn(page, idp, 'developer');
  await signedIn(page, idp, 'lead');
  await page.goto(signOutUrl(idp, { id_token_hint: others }));
  await expect(page.getByRole('heading', { level: 1, name: 'Sign out of Waymark?' })).toBeVisible();
});
