import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, inject, it, onTestFinished } from 'vitest';
import { connectTemporal } from '../../src/temporal/connect.js';
import { prepareMeasuredRuntime } from '../../src/temporal/runtime.js';
import { silentLog } from '../helpers/logs.js';

const metricsAt = async (url: URL) => (await fetch(url)).text();

it('the SDK serves its metrics on another port when its own was taken between two connections', async () => {
  const url = await prepareMeasuredRuntime(silentLog);
  await expect(connectTemporal({ connectionOptions: { address: '127.0.0.1:1' } })).rejects.toThrow(
    'No Temporal server responds',
  );

  // The failed connection has ended the runtime.
  const other = createServer().listen(Number(url.port), '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const taken = url.port;
  const { connection } = await connectTemporal({ connectionOptions: { address: inject('temporalAddress') } });
  onTestFinished(() => connection.close());
  expect(url.port).not.toBe(taken);
  expect(await metricsAt(url)).toContain('temporal_');

  const second = await connectTemporal({ connectionOptions: { address: inject('temporalAddress') } });
  onTestFinished(() => second.connection.close());
  expect(await metricsAt(url)).toContain('temporal_');
});
