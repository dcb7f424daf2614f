import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { gateways } from '../../src/gateways/registry.js';

interface Example {
  value: unknown;
}

export interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, Example | { $ref: string }>;
}

export interface DocumentedResponse {
  description: string;
  headers?: Record<string, object>;
  content: Record<string, Media>;
}

interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, DocumentedResponse>;
  security?: Array<Record<string, []>>;
}

interface Document {
  info: { version: string };
  paths: Record<string, { get: Operation; post?: Operation }>;
  components: {
    schemas: Record<string, object>;
    examples: Record<string, Example>;
    responses: Record<string, DocumentedResponse>;
    securitySchemes: Record<string, { type: string; name?: string }>;
  };
}

/** The document as a reader gets it. */
export const document = JSON.parse(
  JSON.stringify(openApiDocument(gateways.map(({ description }) => description))),
) as Document;

export const operations = Object.entries(document.paths).flatMap(([path, { get, post }]) => [
  { path, method: 'GET', ...get },
  ...(post ? [{ path, method: 'POST', ...post }] : []),
]);

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

/** What a schema of the document has against a value; undefined where it fits. */
export function faultsOf(schema: object, value: unknown): string | undefined {
  const validate: ValidateFunction = ajv.compile({ ...schema, components: document.components });
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/** The values of all examples of a body. */
export function examplesOf({ example, examples = {} }: Media): unknown[] {
  const several = Object.values(examples).map((one) => ('$ref' in one ? referred(one.$ref) : one).value);
  return example === undefined ? several : [...several, example];
}

function referred(reference: string): Example {
  return document.components.examples[reference.replace('#/components/examples/', '')] as Example;
}
