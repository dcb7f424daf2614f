import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { Entry, WrittenEntry } from '../../src/phone/conversations.js';
import { eventually } from '../helpers/eventually.js';
import { openEventStream } from '../helpers/event-stream.js';
import { freePort } from '../helpers/free-port.js';
import { type ChildProgram, postJson, startProgram } from '../helpers/product.js';

let program: ChildProgram | undefined;
let webhook: Server | undefined;
afterEach(() => {
  program?.child.kill('SIGKILL');
  webhook?.close();
  program = webhook = undefined;
});

/** `npm run start:gateway` without its build, with no Temporal server where it looks for one. */
async function startGatewayAlone(env: Record<string, string>): Promise<string> {
  const port = String(await freePort());
  program = startProgram(process.execPath, ['dist/simulated-gateway/main.js'], { GATEWAY_PORT: port, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`, ...env });
  await eventually(() => program?.output().includes('gateway.ready'));
  return `http://127.0.0.1:${port}`;
}

const written = (data: Entry, delivery: WrittenEntry['delivery']) => data.kind === 'written' && data.delivery === delivery;

test('the gateway on its own serves the phone, says that Temporal does not answer, and stops with a page that looks', async () => {
  const bodies: string[] = [];
  webhook = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      response.end('{}');
    });
  });
  await once(webhook.listen(0, '127.0.0.1'), 'listening');
  const url = await startGatewayAlone({ PORT: String((webhook.address() as AddressInfo).port) });
  expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
  const stream = await openEventStream(`${url}/phone/events`);
  const { body } = await postJson(`${url}/phone/texts`, { number: '+15550001234', text: 'Yes' });
  await stream.wait<Entry>('entry', (data) => written(data, 'accepted'));
  expect(JSON.parse(bodies[0] as string)).toMatchObject({ guid: body['guid'], number: '+15550001234', message: 'Yes' });
  expect(await stream.wait('temporal')).toEqual({ problem: expect.stringMatching(/^No Temporal server answers at 127\.0\.0\.1:\d+/) });

  program?.child.kill('SIGTERM');
  expect(await program?.exitCode).toBe(0);
  await stream.ended;
});

test('without an api a text is not accepted, with what to do', async () => {
  const url = await startGatewayAlone({ PORT: String(await freePort()) });
  const stream = await openEventStream(`${url}/phone/events`);
  await postJson(`${url}/phone/texts`, { number: '+15550001234', text: 'Yes' });
  expect(await stream.wait<Entry>('entry', (data) => written(data, 'not accepted'))).toMatchObject({ problem: expect.stringMatching(/No Answerback answers at .*ECONNREFUSED.*start it/) });
  await stream.close();
});
