/** Namespaces that a journey declares for itself, and what it asks for them. */
import { expect, type Page } from '@playwright/test';

import { requireStack } from './stack.ts';

const headers = { origin: requireStack().web };
const DAY = 24 * 60 * 60 * 1000;

/** Asks for a small namespace of the ledger of payments and answers its name. */
export async function declare(page: Page, environment: string): Promise<string> {
  const answer = await page.request.post('/api/v1/namespaces', {
    headers,
    data: {
      cluster: 'local',
      team: 'group:default/payments',
      service: 'component:default/ledger',
      environment,
      size: 'small',
    },
  });
  expect(answer.status(), await answer.text()).toBe(202);
  return (await answer.json()).name;
}

/** Asks for three cards in a new namespace of the ledger, which is more than the policy grants, and answers the request's id. */
export async function askForCards(page: Page, environment: string): Promise<string> {
  const answer = await page.request.post('/api/v1/quota-requests', {
    headers,
    data: {
      cluster: 'local',
      namespace: await declare(page, environment),
      resources: { 'nvidia.com/gpu': 3 },
      until: new Date(Date.now() + 10 * DAY).toISOString(),
      reason: 'Training a ranking model',
    },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  const request = await answer.json();
  expect(request.state).toBe('pending');
  return request.id;
}
