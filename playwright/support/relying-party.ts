/** The application's half of the code flow with PKCE, as the tests of the provider play it. */
import { createHash, randomBytes } from 'node:crypto';

import { expect, type Page } from '@playwright/test';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

import type { LocalProvider } from './local-provider.ts';

export interface Flow {
  url: string;
  state: string;
  nonce: string;
  /** None where no challenge was sent. */
  verifier: string | null;
}

/** A fresh authorization request; `changes` replace its parameters, null removes one. */
export function authorizationRequest(idp: LocalProvider, changes: Record<string, string | null> = {}): Flow {
  const [state, nonce, verifier] = [random(), random(), random()];
  const parameters: Record<string, string | null> = {
    client_id: idp.client.id,
    redirect_uri: idp.client.callback,
    response_type: 'code',
    scope: 'openid profile email groups',
    state,
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
  return { url: `${idp.issuer}/auth?${new URLSearchParams(given)}`, state, nonce, verifier };
}

/** Where the browser came back to, once it has: the parameters of the authorization response. */
export async function authorizationResponse(page: Page, idp: LocalProvider): Promise<URLSearchParams> {
  await page.waitForURL((url) => url.href.startsWith(idp.client.callback));
  return new URL(page.url()).searchParams;
}

/** Redeems the code; the ID token is checked for signature, issuer, audience and nonce. */
export async function redeem(idp: LocalProvider, flow: Flow, code: string | null) {
  const answer = await fetch(`${idp.issuer}/token`, {
    method: 'POST',
    headers: { authorization: basic(idp.client.id, idp.client.secret) },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: idp.client.callback,
      ...(flow.verifier !== null && { code_verifier: flow.verifier }),
    }),
  });
  expect(answer.status, 'the token endpoint takes the code').toBe(200);
  const tokens = (await answer.json()) as { id_token: string; access_token: string };
  const claims = await verify(idp, tokens.id_token);
  expect(claims.nonce).toBe(flow.nonce);
  return { ...tokens, claims };
}

/** Checks a token of the provider against its published keys. */
export async function verify(idp: LocalProvider, token: string): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${idp.issuer}/jwks`));
  const expected = { issuer: idp.issuer, audience: idp.client.id, algorithms: ['RS256'] };
  return (await jwtVerify(token, keys, expected)).payload;
}

export async function userinfo(idp: LocalProvider, accessToken: string): Promise<JWTPayload> {
  const answer = await fetch(`${idp.issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as JWTPayload;
}

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')}`;
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
