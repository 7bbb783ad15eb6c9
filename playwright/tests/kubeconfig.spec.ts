/** A downloaded kubeconfig, used as kubectl uses it. */
import { execFile } from 'node:child_process';
import { request } from 'node:https';
import { promisify } from 'node:util';

import type { Page } from '@playwright/test';

import { expect, test } from '../support/journey.ts';
import { declare } from '../support/namespaces.ts';
import { signIn } from '../support/people.ts';

test('it signs its reader in to the cluster, for their own namespaces', async ({ page }, info) => {
  const environment = `k${info.project.name === 'js' ? 'j' : 'n'}${Date.now().toString(36)}`;
  await signIn(page, 'developer');
  const namespace = await declareBound(page, environment);
  const address = `/provisioning/local/${namespace}/kubeconfig`;
  const text = await (await page.request.get(address)).text();
  expect(text).toContain('client.authentication.k8s.io/v1');
  expect(text).not.toContain('put-your-own-token-here');
  expect(await pods(text, namespace)).toBe(200);
  expect(await pods(text, 'kube-system'), 'what is not theirs stays shut').toBe(403);
  const asNeighbour = text.replaceAll('developer', 'neighbour');
  expect(await pods(asNeighbour, namespace), 'the cluster knows the neighbour').toBe(403);
  await signIn(page, 'neighbour');
  expect((await page.request.get(address)).status()).toBe(404);
});

/** Declares a namespace of payments and waits until its access is bound. */
async function declareBound(page: Page, environment: string): Promise<string> {
  const name = await declare(page, environment);
  await expect(async () => {
    const { conditions } = await (await page.request.get(`/api/v1/namespaces/local/${name}`)).json();
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  }).toPass({ timeout: 30_000 });
  return name;
}

/** The status of a list of pods, with the credential that the file's own command brings. */
async function pods(kubeconfig: string, namespace: string): Promise<number> {
  const value = (key: string) => new RegExp(`${key}: *(?:>-\\s*)?['"]?([^'"\\n]+)`).exec(kubeconfig)?.[1].trim() ?? '';
  const argument = /args:\s*- *['"]?([^'"\n]+)/.exec(kubeconfig)?.[1].trim() ?? '';
  const { stdout } = await promisify(execFile)(value('command'), [argument]);
  const { status } = JSON.parse(stdout);
  const ca = Buffer.from(value('certificate-authority-data'), 'base64');
  const url = new URL(`/api/v1/namespaces/${namespace}/pods`, value('server'));
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, headers: { authorization: `Bearer ${status.token}` } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}
