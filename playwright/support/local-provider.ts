/** A provider of its own for one worker, with a small application behind it that keeps what it is sent. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { test as journey } from './journey.ts';

const SCRIPT = fileURLToPath(new URL('../oidc/provider.mjs', import.meta.url));

interface Client {
  id: string;
  secret: string;
  home: string;
  callback: string;
}

export interface LocalProvider {
  issuer: string;
  port: number;
  client: Client;
  /** The same application under another name, which need not use PKCE. */
  exempted: Client;
  /** The logout tokens that reached the application's back-channel address, oldest first. */
  logoutTokens: string[];
}

export const test = journey.extend<object, { idp: LocalProvider }>({
  idp: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'waymark-oidc-'));
      const logoutTokens: string[] = [];
      const application = await startApplication(logoutTokens);
      const port = await freePort();
      const idp = describe(port, portOf(application), logoutTokens);
      const file = join(folder, 'config.json');
      await writeFile(file, JSON.stringify(configurationOf(idp)), { mode: 0o600 });
      const provider = startProvider(['--config', file]);
      await ready(provider, idp.issuer);
      await use(idp);
      provider.kill('SIGTERM');
      if (provider.exitCode === null) await once(provider, 'exit');
      application.close();
      application.closeAllConnections();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

export { expect } from './journey.ts';

export function startProvider(args: string[]): ChildProcess {
  return spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function ready(provider: ChildProcess, issuer: string): Promise<void> {
  const complaints: string[] = [];
  provider.stderr?.on('data', (chunk) => complaints.push(String(chunk)));
  for await (const line of createInterface({ input: provider.stdout! })) {
    if (line === `ready ${issuer}`) return;
  }
  throw new Error(`The provider ended before it was ready: ${complaints.join('')}`);
}

export function configurationOf({ issuer, port, client, exempted }: LocalProvider) {
  return {
    issuer,
    port,
    host: '127.0.0.1',
    cookie_keys: ['only for this test'],
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.callback],
        post_logout_redirect_uris: [client.home],
        backchannel_logout_uri: `${client.home}auth/backchannel-logout`,
      },
      {
        client_id: exempted.id,
        client_secret: exempted.secret,
        redirect_uris: [exempted.callback],
        pkce: false,
      },
    ],
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function describe(port: number, clientPort: number, logoutTokens: string[]): LocalProvider {
  const home = `http://localhost:${clientPort}/`;
  const client = { id: 'waymark', secret: 'a secret for this test', home, callback: `${home}auth/callback` };
  const exempted = { ...client, id: 'exempted', secret: 'another secret for this test' };
  return { issuer: `http://localhost:${port}`, port, client, exempted, logoutTokens };
}

async function startApplication(logoutTokens: string[]): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.method === 'POST' && request.url === '/auth/backchannel-logout') {
      const chunks = await request.toArray();
      logoutTokens.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '');
      response.end();
      return;
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><html lang="en"><title>Application</title><link rel="icon" href="data:,"><h1>Application</h1></html>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
