/** The client of Backstage's catalog, as it comes from its package, against the running product. */
import { CATALOG_FILTER_EXISTS, CatalogClient } from '@backstage/catalog-client';
import type { Page } from '@playwright/test';

import { expect, test } from '../support/journey.ts';
import { type Login, signIn } from '../support/people.ts';
import { requireStack } from '../support/stack.ts';

const { web } = requireStack();
const client = new CatalogClient({ discoveryApi: { getBaseUrl: async (plugin) => `${web}/api/${plugin}` } });

// The client is a program and has no page; once is enough.
test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'a program knows no pages');

const sameOrigin = { origin: web };

/** Signs in and makes a token that may only read; it ends with the test. */
async function comeAs(page: Page, login: Login): Promise<{ token: string }> {
  await signIn(page, login);
  const expires_at = new Date(Date.now() + 86_400_000).toISOString();
  const data = { name: `catalog client ${Date.now()}`, scopes: ['read'], expires_at };
  const made = await page.request.post('/api/v1/tokens', { headers: sameOrigin, data });
  expect(made.status()).toBe(201);
  const { id, token } = await made.json();
  tokens.push(id);
  return { token };
}

const tokens: string[] = [];

test.afterEach(async ({ page }) => {
  for (const id of tokens.splice(0)) await page.request.delete(`/api/v1/tokens/${id}`, { headers: sameOrigin });
});

const ledger = 'component:default/ledger';

test('entities are found by their names', async ({ page }) => {
  const options = await comeAs(page, 'developer');
  const entity = await client.getEntityByRef('Component:default/Ledger', options);
  expect(entity).toMatchObject({ kind: 'Component', metadata: { name: 'ledger', namespace: 'default' } });
  expect(entity?.metadata.annotations).toMatchObject({ 'backstage.io/managed-by-origin-location': expect.stringMatching(/^file:/) });
  expect(entity?.metadata.etag).toMatch(/./);
  expect(entity?.relations).toContainEqual({ type: 'ownedBy', targetRef: 'group:default/payments' });
  const name = { kind: 'Component', namespace: 'default', name: 'ledger' };
  expect(await client.getEntityByName(name, options)).toEqual(entity);
  expect(await client.getEntityByRef('component:default/nothing-of-that-name', options)).toBeUndefined();
  const ancestors = await client.getEntityAncestors({ entityRef: ledger }, options);
  expect(ancestors).toMatchObject({ rootEntityRef: ledger, items: [{ entity, parentEntityRefs: [] }] });

  const entityRefs = [ledger, 'component:default/nothing-of-that-name', 'group:default/payments'];
  const { items } = await client.getEntitiesByRefs({ entityRefs, fields: ['kind', 'metadata.name'] }, options);
  expect(items).toEqual([
    { kind: 'Component', metadata: { name: 'ledger' } },
    undefined,
    { kind: 'Group', metadata: { name: 'payments' } },
  ]);
  const groups = { entityRefs, filter: { kind: 'group' } };
  expect((await client.getEntitiesByRefs(groups, options)).items.map((found) => found?.kind)).toEqual([undefined, undefined, 'Group']);
  const asked = { entityRefs, query: { kind: 'component' }, filter: { 'spec.type': CATALOG_FILTER_EXISTS } };
  expect((await client.getEntitiesByRefs(asked, options)).items.map((found) => found?.kind)).toEqual(['Component', undefined, undefined]);
  const many = Array.from({ length: 2_500 }, (_, n) => `component:default/${String(n).padStart(60, 'x')}`);
  const found = await client.getEntitiesByRefs({ entityRefs: [...many, ledger] }, options);
  expect(found.items).toHaveLength(2_501);
  expect(found.items[2_500]?.metadata.name).toBe('ledger');
});

test('entities are listed, filtered, ordered and counted', async ({ page }) => {
  const options = await comeAs(page, 'developer');
  const all = (await client.getEntities(undefined, options)).items;
  expect(all.length).toBeGreaterThan(10);
  const filter = [{ kind: ['component', 'api'], 'relations.ownedBy': 'group:default/payments' }, { kind: 'group' }];
  const some = await client.getEntities({ filter, fields: ['kind', 'metadata.name'] }, options);
  expect(some.items).toContainEqual({ kind: 'Component', metadata: { name: 'ledger' } });
  expect(new Set(some.items.map((entity) => entity.kind))).not.toContain('System');
  const order = { field: 'metadata.name', order: 'desc' } as const;
  const two = await client.getEntities({ filter: { kind: 'component' }, order, offset: 1, limit: 2 }, options);
  const names = all.filter((entity) => entity.kind === 'Component').map((entity) => entity.metadata.name).sort().reverse();
  expect(two.items.map((entity) => entity.metadata.name)).toEqual(names.slice(1, 3));

  const { facets } = await client.getEntityFacets({ facets: ['kind', 'spec.type'], filter: { kind: 'component' } }, options);
  expect(facets.kind).toEqual([{ value: 'Component', count: names.length }]);
  const asked = await client.getEntityFacets({ facets: ['kind'], query: { $not: { kind: 'component' } } }, options);
  expect(asked.facets.kind.map((facet) => facet.value)).not.toContain('Component');
});

test('pages lead forth and back, whichever way they are asked for', async ({ page }) => {
  const options = await comeAs(page, 'developer');
  const orderFields = { field: 'metadata.name', order: 'asc' } as const;
  for (const question of [{ filter: { kind: 'component' } }, { query: { kind: { $in: ['component'] } } }]) {
    const first = await client.queryEntities({ ...question, orderFields, limit: 2 }, options);
    expect(first.pageInfo.prevCursor).toBeUndefined();
    const second = await client.queryEntities({ cursor: first.pageInfo.nextCursor!, limit: 2 }, options);
    expect(second.totalItems).toBe(first.totalItems);
    expect(second.items).not.toEqual(first.items);
    const back = await client.queryEntities({ cursor: second.pageInfo.prevCursor!, limit: 2 }, options);
    expect(back.items).toEqual(first.items);
    const streamed = [];
    for await (const items of client.streamEntities({ ...question, pageSize: 3 }, options)) streamed.push(...items);
    expect(streamed).toHaveLength(first.totalItems);
  }
  const fullTextFilter = { term: ' movement ', fields: ['metadata.description', 'metadata.name'] };
  const words = await client.queryEntities({ fullTextFilter, fields: ['metadata.name'] }, options);
  expect(words.items).toContainEqual({ metadata: { name: 'ledger' } });
  const nothing = await client.queryEntities({ filter: { kind: 'robot' } }, options);
  expect(nothing).toEqual({ items: [], totalItems: 0, pageInfo: {} });
});

test('sources, judgements, and what cannot be done', async ({ page }) => {
  const options = await comeAs(page, 'developer');
  const { items } = await client.getLocations(undefined, options);
  const source = await client.getLocationByEntity(ledger, options);
  expect(items).toContainEqual(source);
  expect(await client.getLocationById(source!.id, options)).toEqual(source);
  expect(await client.getLocationByRef(`${source!.type}:${source!.target}`, options)).toEqual(source);
  expect(await client.getLocationById('nothing', options)).toBeUndefined();
  const queried = await client.queryLocations({ query: { type: 'file' }, limit: 1 }, options);
  expect(queried.items).toHaveLength(1);
  const streamed = [];
  for await (const some of client.streamLocations({ limit: 1 }, options)) streamed.push(...some);
  expect(streamed).toHaveLength(items.length);

  const entity = (await client.getEntityByRef(ledger, options))!;
  const at = 'url:https://git.example.com/payments/ledger/catalog-info.yaml';
  expect(await client.validateEntity(entity, at, options)).toEqual({ valid: true });
  const nameless = { ...entity, metadata: { ...entity.metadata, name: 'not a name' } };
  const judged = await client.validateEntity(nameless, at, options);
  expect(judged).toMatchObject({ valid: false, errors: [{ name: 'name', message: expect.stringContaining('A name has') }] });

  const failure = async (call: Promise<unknown>) => {
    const error = await call.then(() => undefined, (error) => error);
    return [error?.statusCode, error?.cause?.name];
  };
  expect(await failure(client.getEntities({ filter: { ' ': 'x' } }, options))).toEqual([400, 'InputError']);
  expect(await failure(client.queryEntities({ cursor: 'x' }, options))).toEqual([400, 'InputError']);
  expect(await failure(client.getEntities())).toEqual([401, 'AuthenticationError']);
  expect(await failure(client.refreshEntity(ledger, options))).toEqual([403, 'NotAllowedError']);
  expect(await failure(client.removeEntityByUid(entity.metadata.uid!, options))).toEqual([403, 'NotAllowedError']);
  expect(await failure(client.addLocation({ target: 'https://git.example.com/a' }, options))).toEqual([405, 'NotAllowedError']);
});

test('somebody without a team is told of nothing', async ({ page }) => {
  const options = await comeAs(page, 'outsider');
  expect((await client.getEntities(undefined, options)).items).toEqual([]);
  expect(await client.getEntityByRef(ledger, options)).toBeUndefined();
  expect(await client.queryEntities({ fullTextFilter: { term: 'ledger' } }, options)).toMatchObject({ items: [], totalItems: 0 });
  expect((await client.getEntitiesByRefs({ entityRefs: [ledger] }, options)).items).toEqual([undefined]);
  expect((await client.getEntityFacets({ facets: ['kind'] }, options)).facets.kind).toEqual([]);
  expect((await client.getLocations(undefined, options)).items).toEqual([]);
});
