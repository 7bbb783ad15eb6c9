/** The local stack that the journeys run against, as `cargo xtask stack status --json` prints it. */
import { readFileSync } from 'node:fs';

export interface Stack {
  state: 'stopped' | 'starting' | 'pages' | 'ready' | 'failed';
  state_dir: string;
  /** Where people go, such as http://localhost:3000 */
  web: string;
  ops: { serve: string; work: string };
  database_url: string;
  kubeconfig: string;
  kubeconfigs: Record<string, string>;
  git: { url: string; token: string };
  oidc: { issuer: string };
}

/** The stack named by `WAYMARK_STACK`, or nothing when no stack is named. */
export function runningStack(): Stack | undefined {
  const file = process.env.WAYMARK_STACK;
  if (!file) return undefined;
  const stack = JSON.parse(readFileSync(file, 'utf8')) as Stack;
  if (stack.state !== 'pages' && stack.state !== 'ready') {
    throw new Error(`The stack in ${file} is "${stack.state}": start it with cargo xtask run, then run the journeys again.`);
  }
  return stack;
}

/** For journeys, which have nothing to visit without a stack. */
export function requireStack(): Stack {
  const stack = runningStack();
  if (!stack) {
    throw new Error(
      'This journey needs a running stack: write cargo xtask stack status --json to a file and name it in WAYMARK_STACK.',
    );
  }
  return stack;
}
