/**
 * The local OpenID provider with the demo organisation's accounts.
 * Prints `ready ISSUER` once it answers; SIGTERM and SIGINT end it.
 */
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';

import { serveAssets } from './assets.mjs';
import { configurationFor } from './configuration.mjs';
import { rememberHomes, showErrors } from './errors.mjs';
import { guard } from './guard.mjs';
import { readSettings, SettingsError } from './settings.mjs';
import { signIn } from './sign-in.mjs';
import { skipEmptySignOut } from './sign-out.mjs';

const INPUT_AT_FAULT = 1;
const WRONG_USAGE = 2;
const WORLD_AT_FAULT = 3;

start();

function start() {
  try {
    const settings = readSettings(configFile());
    listen(providerFor(settings), settings);
  } catch (error) {
    // The library names the client or key that it does not accept; both come from the file.
    stop(INPUT_AT_FAULT, error instanceof SettingsError ? error.message : `The configuration is refused: ${error.message}`);
  }
}

function configFile() {
  try {
    const { values } = parseArgs({ options: { config: { type: 'string' } } });
    if (values.config) return values.config;
  } catch {
    // Both a missing and an unknown option end in the same line of usage.
  }
  return stop(WRONG_USAGE, 'Usage: node playwright/oidc/provider.mjs --config FILE');
}

function providerFor(settings) {
  const provider = new Provider(settings.issuer, configurationFor(settings));
  rememberHomes(provider, settings);
  for (const layer of [guard(settings), showErrors, serveAssets, signIn(provider), skipEmptySignOut]) {
    provider.use(layer);
  }
  provider.on('server_error', (_ctx, error) => process.stderr.write(`${error.stack}\n`));
  return provider;
}

function listen(provider, { issuer, host, port }) {
  const server = provider.listen({ port, host: host.replace(/^\[|\]$/g, '') }, () => {
    process.stdout.write(`ready ${issuer}\n`);
  });
  server.on('error', (error) => {
    stop(WORLD_AT_FAULT, `Port ${port} of ${host} cannot be used (${error.code}): choose another in the configuration.`);
  });
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    });
  }
}

function stop(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
