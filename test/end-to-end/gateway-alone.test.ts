import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import type { Entry, WrittenEntry } from '../../src/demo/phone/conversations.js';
import { eventually } from '../kit/eventually.js';
import { openEventStream } from '../demo/phone/event-stream.js';
import { freePort } from '../kit/ports.js';
import { postJson } from '../kit/product.js';
import { type Program, startProgram } from '../kit/program.js';

let program: Program | undefined;
let webhook: Server | undefined;
afterEach(() => {
  program?.child.kill('SIGKILL');
  webhook?.close();
  program = webhook = undefined;
});

/** `npm run start:gateway` without its build, with no Temporal server where it looks for one. */
async function startGatewayAlone(env: Record<string, string>): Promise<string> {
  const port = String(await freePort());
  program = startProgram(process.execPath, ['dist/demo/main.js'], {
    GATEWAY_PORT: port,
    TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    ...env,
  });
  await eventually(() => program?.output().includes('gateway.started'));
  return `http://127.0.0.1:${port}`;
}

const written = (data: Entry, state: WrittenEntry['post']) => data.kind === 'written' && data.post === state;

it('the gateway alone serves the phone, says that Temporal does not respond, and stops with a page open', async () => {
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
  expect(await stream.wait('temporal')).toEqual({
    problem: expect.stringMatching(/^No Temporal server responds at 127\.0\.0\.1:\d+/),
  });

  program?.child.kill('SIGTERM');
  expect(await program?.exitCode).toBe(0);
  await stream.ended;
});

it('without an api a text is not accepted, and the page says what to do', async () => {
  const url = await startGatewayAlone({ PORT: String(await freePort()) });
  const stream = await openEventStream(`${url}/phone/events`);
  await postJson(`${url}/phone/texts`, { number: '+15550001234', text: 'Yes' });
  expect(await stream.wait<Entry>('entry', (data) => written(data, 'not accepted'))).toMatchObject({
    problem: expect.stringMatching(/Answerback does not respond at .*ECONNREFUSED.*start it/),
  });
  await stream.close();
});
