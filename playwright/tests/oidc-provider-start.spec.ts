/** How the provider starts, refuses to start, and ends. */
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import type { TestInfo } from '@playwright/test';

import { configurationOf, expect, freePort, ready, startProvider, test, type LocalProvider } from '../support/local-provider.ts';

test('it says once that it is ready, keeps its key, and ends on SIGTERM', async ({ idp }, info) => {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const keyFile = info.outputPath('jwks.json');
  const file = await configure(info, idp, { port, issuer, jwks_file: keyFile });
  const keys: unknown[] = [];
  for (let round = 0; round < 2; round += 1) {
    const provider = startProvider(['--config', file]);
    const exit = once(provider, 'exit');
    await ready(provider, issuer);
    keys.push(await (await fetch(`${issuer}/jwks`)).json());
    provider.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }
  expect(keys[1]).toEqual(keys[0]);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(keyFile, 'utf8')).keys[0]).toHaveProperty('d');
  expect(JSON.stringify(keys[0]), 'the private half stays in the file').not.toContain('"d"');
});

test('a configuration that others may read is refused', async ({ idp }, info) => {
  const file = await configure(info, idp, {}, 0o644);
  const { code, complaint } = await run(['--config', file]);
  expect(complaint).toContain(`run chmod 600 ${file}`);
  expect(code).toBe(1);
});

for (const { title, changes, says } of [
  { title: 'an issuer on the network', changes: { issuer: 'http://idp.example:4000' }, says: '`issuer` must be http on localhost' },
  { title: 'an address on the network', changes: { host: '0.0.0.0' }, says: '`host` must be a loopback address' },
  { title: 'another port than the issuer', changes: { port: 1 }, says: '`issuer` must end with `port`' },
  {
    title: 'an exemption that is neither true nor false',
    changes: { clients: [{ client_id: 'a', client_secret: 'b', redirect_uris: ['http://localhost/'], pkce: 'no' }] },
    says: '`pkce` of a client is true or false',
  },
  { title: 'no client', changes: { clients: [] }, says: '`clients` must list at least one' },
]) {
  test(`${title} is refused`, async ({ idp }, info) => {
    const { code, complaint } = await run(['--config', await configure(info, idp, changes)]);
    expect(complaint).toContain(says);
    expect(code).toBe(1);
  });
}

test('wrong usage and a taken port have exit codes of their own', async ({ idp }, info) => {
  for (const args of [[], ['--config'], ['--colour', 'red']]) {
    const { code, complaint } = await run(args);
    expect(complaint).toContain('Usage: node playwright/oidc/provider.mjs --config FILE');
    expect(code).toBe(2);
  }
  const { code, complaint } = await run(['--config', await configure(info, idp)]);
  expect(complaint).toContain(`Port ${idp.port} of 127.0.0.1 cannot be used (EADDRINUSE)`);
  expect(code).toBe(3);
});

async function configure(info: TestInfo, idp: LocalProvider, changes: object = {}, mode = 0o600): Promise<string> {
  const file = info.outputPath('config.json');
  await writeFile(file, JSON.stringify({ ...configurationOf(idp), ...changes }), { mode });
  return file;
}

async function run(args: string[]): Promise<{ code: number; complaint: string }> {
  const provider = startProvider(args);
  const [[code], complaint, output] = await Promise.all([once(provider, 'exit'), text(provider.stderr!), text(provider.stdout!)]);
  expect(output).toBe('');
  return { code, complaint };
}
