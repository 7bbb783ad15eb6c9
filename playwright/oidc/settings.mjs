/** Reads what the provider is started with, and refuses what would be unsafe or could not work. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** The input is at fault; `message` says which part and what to do. */
export class SettingsError extends Error {}

/**
 * @param {string} file JSON, readable by its owner alone because it holds client secrets:
 *   `{issuer, port, host, clients, cookie_keys, jwks?, jwks_file?}`; a client is `{client_id, client_secret, redirect_uris,
 *   post_logout_redirect_uris?, backchannel_logout_uri?, pkce?}`, and `pkce: false` is for one that sends no challenge
 */
export function readSettings(file) {
  const settings = parse(file);
  const problems = findProblems(settings);
  if (problems.length > 0) {
    throw new SettingsError(`${file} cannot be used: ${problems.join(' ')}`);
  }
  return { ...settings, jwks: settings.jwks ?? keysFrom(settings.jwks_file) };
}

function parse(file) {
  let text;
  try {
    if (statSync(file).mode & 0o077) {
      throw new SettingsError(`${file} holds secrets and others may read it: run chmod 600 ${file}`);
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`${file} cannot be read (${error.code}): check the path after --config.`);
  }
  try {
    return JSON.parse(text) ?? {};
  } catch (error) {
    throw new SettingsError(`${file} is not JSON: ${error.message}.`);
  }
}

function findProblems({ issuer, port, host, clients, cookie_keys: cookieKeys, jwks }) {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const filled = (list) => Array.isArray(list) && list.length > 0;
  const strings = (list) => filled(list) && list.every((item) => typeof item === 'string' && item);
  return [
    // Accounts with a published password must never be offered to a network.
    (!url || url.protocol !== 'http:' || !LOOPBACK.has(url.hostname)) &&
      '`issuer` must be http on localhost, such as http://localhost:4000.',
    !LOOPBACK.has(host) && '`host` must be a loopback address, such as 127.0.0.1.',
    (!Number.isInteger(port) || port < 1 || port > 65535) && '`port` must be a whole number from 1 to 65535.',
    url && (Number(url.port) !== port || url.pathname !== '/' || issuer.endsWith('/')) &&
      '`issuer` must end with `port` and have no path.',
    !strings(cookieKeys) && '`cookie_keys` must list at least one random string.',
    (!filled(clients) || !clients.every(isClient)) &&
      '`clients` must list at least one {client_id, client_secret, redirect_uris}, and `pkce` of a client is true or false.',
    jwks !== undefined && !filled(jwks?.keys) && '`jwks` must be a JSON Web Key Set with a private key.',
  ].filter(Boolean);
}

function isClient(client) {
  const texts = [client?.client_id, client?.client_secret];
  return texts.every((text) => typeof text === 'string' && text) &&
    ['boolean', 'undefined'].includes(typeof client.pkce) &&
    [client.redirect_uris, client.post_logout_redirect_uris ?? []].every(
      (uris) => Array.isArray(uris) && uris.every((uri) => URL.canParse(uri)),
    ) && client.redirect_uris.length > 0;
}

/** A kept key lets ID tokens from before a restart still sign their person out. */
function keysFrom(file) {
  if (!file) return newKeys();
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') {
      throw new SettingsError(`${file} is not a key set (${error.message}): remove it and start again.`);
    }
  }
  const keys = newKeys();
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600, flag: 'wx' });
  return keys;
}

function newKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] };
}
