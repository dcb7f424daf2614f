import { z } from 'zod';
import type { RouteDescription } from '../../gateways/gateway.js';
import { aliveResponse, readyResponse } from '../health.js';
import { problemSchemas } from './problems.js';

const ofOperators = {
  Alive: aliveResponse,
  Ready: readyResponse,
  Description: z.looseObject({
    openapi: z.string(),
    info: z.looseObject({ title: z.string(), version: z.string() }),
    paths: z.looseObject({}),
  }),
};

/** The schemas of a webhook. The names of each gateway end differently. */
const ofWebhook = ({ idSuffix, posts, acknowledgement, probe }: RouteDescription) => ({
  [`Post${idSuffix}`]: z.union(Object.values(posts)),
  [`Accepted${idSuffix}`]: acknowledgement,
  [`Probe${idSuffix}`]: probe,
});

export const schemaReference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Every named schema of the document as JSON Schema: those that parse posts, and those of the responses. */
export function schemaComponents(webhooks: readonly RouteDescription[]): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  const named = [...webhooks.map(ofWebhook), ofOperators, ...webhooks.map(({ posts }) => posts), problemSchemas];
  for (const [id, schema] of named.flatMap((some) => Object.entries<z.ZodType>(some))) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentifiers(schema)]));
}

/** Drops `$schema` and `$id`: inside an OpenAPI document, a schema's place is its name. */
function withoutIdentifiers(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
