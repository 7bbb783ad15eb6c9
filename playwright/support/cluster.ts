/** The local API server, asked as its administrator: to change what others would change, and to see what is really there. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

import { requireStack } from './stack.ts';

/** One call; the body of a `PATCH` is a JSON merge patch, that of a `POST` the object to make. */
export async function callCluster(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<any> {
  const { kubeconfig } = requireStack();
  if (!kubeconfig) throw new Error('The stack has no cluster: start it with cargo xtask run, then run the journeys again.');
  const { server, ca, token } = readKubeconfig(kubeconfig);
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, server), { method, ca, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => {
        const answered = JSON.parse(text);
        if ((answer.statusCode ?? 500) < 300) resolve(answered);
        else reject(new Error(`${method} ${path}: ${answered.message}`));
      });
    });
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}

/** The stack writes its kubeconfigs as JSON. */
function readKubeconfig(path: string): { server: string; ca: Buffer; token: string } {
  const { clusters, users } = JSON.parse(readFileSync(path, 'utf8'));
  const { server, 'certificate-authority': authority } = clusters[0].cluster;
  return { server, ca: readFileSync(authority), token: users[0].user.token };
}
