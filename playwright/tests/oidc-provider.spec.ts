import { expect, test } from '../support/local-provider.ts';
import { fillSignIn, people } from '../support/people.ts';
import { authorizationRequest, authorizationResponse, redeem, userinfo } from '../support/relying-party.ts';

test('developer signs in by code flow with PKCE and brings groups along', async ({ page, idp }) => {
  const flow = authorizationRequest(idp);
  await page.goto(flow.url);
  await fillSignIn(page, 'developer');
  const response = await authorizationResponse(page, idp);
  expect(response.get('state')).toBe(flow.state);
  expect(response.get('iss')).toBe(idp.issuer);

  const { claims, access_token: accessToken } = await redeem(idp, flow, response.get('code'));
  const person = {
    sub: 'developer',
    name: people.developer.name,
    preferred_username: 'developer',
    nickname: 'developer',
    email: 'developer@waymark.example',
    email_verified: true,
    groups: ['payments'],
  };
  expect(claims).toMatchObject(person);
  expect(claims.sid).toEqual(expect.any(String));
  expect(await userinfo(idp, accessToken)).toEqual(person);
});

test('every account signs in with one press and has the groups of the demo organisation', async ({ page, idp }) => {
  const groups: Record<string, unknown> = {};
  const nicknames: Record<string, unknown> = {};
  for (const { login } of Object.values(people)) {
    const flow = authorizationRequest(idp);
    await page.goto(flow.url);
    await page.getByRole('button', { name: `Sign in as ${login}`, exact: true }).click();
    const response = await authorizationResponse(page, idp);
    const { claims } = await redeem(idp, flow, response.get('code'));
    groups[String(claims.sub)] = claims.groups;
    nicknames[String(claims.sub)] = claims.nickname;
  }
  expect(groups).toEqual({
    developer: ['payments'],
    lead: ['payments', 'payments-leads'],
    neighbour: ['search'],
    platform: ['platform'],
    operator: ['platform', 'platform-operators'],
    leadership: ['leadership'],
    outsider: [],
  });
  expect(nicknames, 'no nickname is a group').toEqual({
    developer: 'developer',
    lead: 'lead',
    neighbour: 'neighbour',
    platform: 'platform-person',
    operator: 'operator',
    leadership: 'leadership-person',
    outsider: 'outsider',
  });
});

test('which account is asked every time, also when somebody is signed in', async ({ page, idp }) => {
  for (const login of ['developer', 'developer', 'lead']) {
    const flow = authorizationRequest(idp);
    await page.goto(flow.url);
    await fillSignIn(page, login);
    const response = await authorizationResponse(page, idp);
    expect((await redeem(idp, flow, response.get('code'))).claims.sub).toBe(login);
  }
  await page.goto(authorizationRequest(idp, { prompt: 'none' }).url);
  expect((await authorizationResponse(page, idp)).get('error')).toBe('login_required');
});

test('a code works once, and only with its verifier', async ({ page, idp }) => {
  const flow = authorizationRequest(idp);
  await page.goto(flow.url);
  await fillSignIn(page, 'developer');
  const code = (await authorizationResponse(page, idp)).get('code');
  await expect(redeem(idp, { ...flow, verifier: 'x'.repeat(43) }, code)).rejects.toThrow('the token endpoint takes the code');

  const again = authorizationRequest(idp);
  await page.goto(again.url);
  await fillSignIn(page, 'developer');
  const second = (await authorizationResponse(page, idp)).get('code');
  await redeem(idp, again, second);
  await expect(redeem(idp, again, second)).rejects.toThrow('the token endpoint takes the code');
});

for (const { title, changes, error } of [
  { title: 'without a PKCE challenge', changes: { code_challenge: null, code_challenge_method: null }, error: 'invalid_request' },
  { title: 'with a plain PKCE challenge', changes: { code_challenge_method: 'plain' }, error: 'invalid_request' },
  { title: 'for the implicit flow', changes: { response_type: 'id_token' }, error: 'invalid_request' },
]) {
  test(`a request ${title} is refused`, async ({ page, idp }) => {
    await page.goto(authorizationRequest(idp, changes).url);
    const url = new URL(page.url());
    const answer = url.hash ? new URLSearchParams(url.hash.slice(1)) : url.searchParams;
    expect(answer.get('error')).toBe(error);
    expect(answer.get('iss')).toBe(idp.issuer);
  });
}

test('a client that is exempted signs in without a PKCE challenge', async ({ page, idp }) => {
  const { exempted } = idp;
  const flow = authorizationRequest(
    { ...idp, client: exempted },
    { code_challenge: null, code_challenge_method: null },
  );
  await page.goto(flow.url);
  await fillSignIn(page, 'developer');
  const response = await authorizationResponse(page, { ...idp, client: exempted });
  const { claims } = await redeem({ ...idp, client: exempted }, { ...flow, verifier: null }, response.get('code'));
  expect(claims).toMatchObject({ sub: 'developer', aud: exempted.id, groups: ['payments'] });
});

test('a client that is exempted may still use PKCE, and is then held to it', async ({ page, idp }) => {
  const exempted = { ...idp, client: idp.exempted };
  const flow = authorizationRequest(exempted);
  await page.goto(flow.url);
  await fillSignIn(page, 'developer');
  const code = (await authorizationResponse(page, exempted)).get('code');
  await expect(redeem(exempted, { ...flow, verifier: null }, code)).rejects.toThrow('the token endpoint takes the code');
});

test.describe('with a wrong password', () => {
  test.use({ expectedErrors: [/status of 422/] });

  test('the form says so at the field and keeps the account', async ({ page, idp }) => {
    await page.goto(authorizationRequest(idp).url);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await fillSignIn(page, 'developer', 'wrong');
    expect((await answer).status()).toBe(422);
    await expect(page.getByLabel('Account', { exact: true })).toHaveValue('developer');
    const password = page.getByLabel('Password', { exact: true });
    await expect(password).toHaveAccessibleDescription(/do not belong together/);
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(password).toHaveValue('');

    await fillSignIn(page, 'developer');
    expect((await authorizationResponse(page, idp)).get('code')).toBeTruthy();
  });
});

test('the cookies carry the port in their names and are out of reach for scripts', async ({ page, context, idp }) => {
  await page.goto(authorizationRequest(idp).url);
  await fillSignIn(page, 'developer');
  await authorizationResponse(page, idp);
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).toContain(`waymark_oidc_${idp.port}_session`);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', name: expect.stringContaining(String(idp.port)) });
  }
});
