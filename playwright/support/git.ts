/** The local Git host, where people sign in through the same provider and push with a token of their own. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, type Page } from '@playwright/test';

import { fillSignIn, type Login } from './people.ts';
import { requireStack } from './stack.ts';

const run = promisify(execFile);

/** A clone of a repository, in which somebody works. */
export interface Clone {
  read(path: string): Promise<string>;
  /** Commits the files on top of the branch and pushes; answers the commit's id. */
  push(subject: string, files: Record<string, string>): Promise<string>;
  remove(): Promise<void>;
}

/** Signs in at the Git host through the provider, and makes a token for pushing. */
export async function gitToken(page: Page, login: Login): Promise<string> {
  const { git } = requireStack();
  await page.goto(`${git.url}/user/oauth2/waymark`);
  if (await page.getByRole('heading', { level: 1, name: 'Sign in to Waymark' }).isVisible()) await fillSignIn(page, login);
  await page.waitForURL((url) => url.origin === new URL(git.url).origin);
  // The token is the person's own; the administrator only saves the journey a form.
  const basic = Buffer.from(`x:${git.token}`).toString('base64');
  const answer = await page.request.post(`${git.url}/api/v1/users/${login}/tokens`, {
    headers: { authorization: `Basic ${basic}` },
    data: { name: `journey-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`, scopes: ['write:repository'] },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).sha1;
}

/** Clones with the command that the page of the service gives. */
export async function clone(command: string, login: Login, token: string): Promise<Clone> {
  const address = new URL(command.replace(/^git clone /, ''));
  address.username = login;
  address.password = token;
  const folder = await mkdtemp(join(tmpdir(), 'waymark-journey-'));
  const env = { PATH: process.env.PATH, HOME: folder, GIT_TERMINAL_PROMPT: '0' };
  const git = async (...args: string[]) => (await run('git', args, { cwd: folder, env })).stdout.trim();
  await git('clone', '--quiet', address.href, '.');
  return {
    read: (path) => readFile(join(folder, path), 'utf8'),
    async push(subject, files) {
      await git('pull', '--quiet', '--rebase');
      for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
      await git('add', '--all');
      const author = ['-c', `user.name=${login}`, '-c', `user.email=${login}@waymark.example`];
      await git(...author, 'commit', '--quiet', '--message', subject);
      await git('push', '--quiet');
      return git('rev-parse', 'HEAD');
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
