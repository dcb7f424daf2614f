import { expect, it } from 'vitest';
import { createDraining } from '../../src/api/admin/draining.js';
import { createApp } from '../../src/api/app.js';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { listen } from '../../src/http/server.js';
import { fakeIntake, webhookPath, webhooksOf } from '../helpers/api.js';
import { silentLog } from '../helpers/logs.js';
import { aPost } from '../helpers/messages.js';

const otherPath = '/api/webhook/other';
const [first] = webhooksOf({ token: 'token-of-the-first', signingSecrets: [] });
const [second] = webhooksOf({ token: 'token-of-the-second', signingSecrets: [] });
if (!first || !second) throw new Error('The registry has no gateway');
const other = { ...second, description: { ...second.description, path: otherPath, idSuffix: 'Other' } };
const webhooks = [first, other];

it('each gateway has a route, which accepts only its own secret', async () => {
  const { intake, acceptedPosts } = fakeIntake();
  const server = await listen(createApp({ intake, draining: createDraining(), webhooks, log: silentLog }), {
    port: 0,
    host: '127.0.0.1',
  });
  const statusOf = async (path: string, token: string) => {
    const headers = { 'x-webhook-secret': token };
    const body = JSON.stringify(aPost());
    return (await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', headers, body })).status;
  };
  expect(await statusOf(webhookPath, 'token-of-the-first')).toBe(200);
  expect(await statusOf(otherPath, 'token-of-the-second')).toBe(200);
  expect(await statusOf(webhookPath, 'token-of-the-second')).toBe(401);
  expect(await statusOf(otherPath, 'token-of-the-first')).toBe(401);
  expect(acceptedPosts).toHaveLength(2);
  await server.close();
});

it('the OpenAPI document describes the route of each gateway, under names of its own', () => {
  const { paths, components } = openApiDocument(webhooks.map(({ description }) => description));
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([webhookPath, `${webhookPath}/{token}`, otherPath, `${otherPath}/{token}`]),
  );
  const ids = Object.values(paths as Record<string, Record<string, { operationId?: string }>>).flatMap((methods) =>
    Object.values(methods).flatMap(({ operationId }) => operationId ?? []),
  );
  expect(ids).toEqual([...new Set(ids)]);
  expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['Post', 'PostOther', 'AcceptedOther']));
});
