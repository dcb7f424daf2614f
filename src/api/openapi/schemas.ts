import { z } from 'zod';
import { aliveAnswer, readyAnswer } from '../health.js';
import { problemSchemas } from './problems.js';
import { otherEvent, postedEvent } from '../posted-event.js';
import { postedBatch, postedMessage } from '../posted-message.js';
import { acceptedAnswer, probeAnswer } from '../webhook.js';

const named = {
  Delivery: z.union([postedMessage, postedBatch, postedEvent, otherEvent]),
  Message: postedMessage,
  Batch: postedBatch,
  ReceivedEvent: postedEvent,
  OtherEvent: otherEvent,
  Accepted: acceptedAnswer,
  Probe: probeAnswer,
  Alive: aliveAnswer,
  Ready: readyAnswer,
  Description: z.looseObject({ openapi: z.string(), info: z.looseObject({ title: z.string(), version: z.string() }), paths: z.looseObject({}) }),
};

export const schemaReference = (name: keyof typeof named) => ({ $ref: `#/components/schemas/${name}` });

/** Every schema that has a name in the document, as JSON Schema: those that parse what comes, and those of the answers. */
export function schemaComponents(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...named, ...problemSchemas })) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentifiers(schema)]));
}

/** In a document a schema is named by its place. */
function withoutIdentifiers(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
