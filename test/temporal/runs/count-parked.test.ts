import { randomUUID } from 'node:crypto';
import { Client, ServiceError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countParkedOf } from '../../../src/temporal/runs/count-parked.js';
import { eventually } from '../../kit/eventually.js';
import { connectForTest, type TemporalForTest } from '../../helpers/suite-temporal.js';

describe('the count of parked replies', () => {
  let temporal: TemporalForTest;
  beforeAll(async () => void (temporal = await connectForTest()));
  afterAll(() => temporal.close());

  const countIn = (namespace: string) =>
    countParkedOf(async () => new Client({ connection: temporal.connection, namespace }))('failed', 5_000);

  it('is what Temporal says', async () => {
    expect(await countIn('default')).toBeGreaterThanOrEqual(0);
  });

  it('is unknown where Temporal refuses it because ReplyState is missing', async () => {
    const namespace = `test-${randomUUID()}`;
    await temporal.connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await eventually(async () => (await countIn(namespace)) === undefined);
  });
});

/** A client whose every count fails with this code of gRPC. */
function failingWith(code: number): Client {
  const failure = new ServiceError('Failed to count workflows', {
    cause: Object.assign(new Error('of gRPC'), { code }),
  });
  return {
    withDeadline: (_: number, work: () => unknown) => work(),
    workflow: { count: () => Promise.reject(failure) },
  } as unknown as Client;
}

it.each([
  ['INVALID_ARGUMENT', 3],
  ['PERMISSION_DENIED', 7],
  ['RESOURCE_EXHAUSTED', 8],
  ['UNIMPLEMENTED', 12],
])('%s is a response of Temporal', async (_, code) => {
  expect(await countParkedOf(async () => failingWith(code))('failed', 1_000)).toBeUndefined();
});

it.each([
  ['CANCELLED', 1],
  ['DEADLINE_EXCEEDED', 4],
  ['UNAVAILABLE', 14],
  ['NOT_FOUND, which is the namespace,', 5],
  ['UNAUTHENTICATED, which every call then is,', 16],
])('%s is not', async (_, code) => {
  await expect(countParkedOf(async () => failingWith(code))('failed', 1_000)).rejects.toThrow(
    'Failed to count workflows',
  );
});

it('a failed connection is not', async () => {
  await expect(countParkedOf(() => Promise.reject(new Error('no server there')))('failed', 1_000)).rejects.toThrow(
    'no server there',
  );
});
