/** The demo organisation's people: who they are, and what a client learns about them. */
import { readFileSync } from 'node:fs';

/** Everybody's password: the accounts exist on this machine alone. */
export const PASSWORD = 'waymark';

/** @type {{login: string, name: string, groups: string[], may: string}[]} */
export const accounts = JSON.parse(readFileSync(new URL('accounts.json', import.meta.url), 'utf8'));

/** Which claims each scope opens, in the ID token and at userinfo. */
export const claimsOfScopes = {
  openid: ['sub'],
  profile: ['name', 'preferred_username', 'nickname'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
};

export function findByLogin(login) {
  return accounts.find((account) => account.login === login);
}

export function findByPassword(login, password) {
  return password === PASSWORD ? findByLogin(login) : undefined;
}

/** The shape oidc-provider asks for; `sub` is the login and never changes. */
export function findAccount(_ctx, login) {
  const account = findByLogin(login);
  return account && { accountId: login, claims: () => claimsOf(account) };
}

function claimsOf({ login, name, groups }) {
  return {
    sub: login,
    name,
    preferred_username: login,
    nickname: nicknameOf(login),
    email: `${login}@waymark.example`,
    email_verified: true,
    groups,
  };
}

/** For applications in which people and groups share their names: no nickname is a group. */
function nicknameOf(login) {
  return accounts.some(({ groups }) => groups.includes(login)) ? `${login}-person` : login;
}
