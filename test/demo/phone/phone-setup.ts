import { afterEach, beforeEach, expect } from 'vitest';
import { type Contact, identitiesOf } from '../../../src/domain/contact.js';
import { createSenderOf } from '../../../src/domain/sender.js';
import { createPhoneApp } from '../../../src/demo/phone/app.js';
import { createPhone, type Phone } from '../../../src/demo/phone/phone.js';
import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import { type SimulatedGateway, startSimulatedGateway } from '../../../src/demo/simulated-gateway/server.js';
import type { RunDetails } from '../../../src/temporal/runs/run.js';
import { type EventStream, openEventStream } from './event-stream.js';
import { silentLog } from '../../helpers/logs.js';
import { postJson } from '../../kit/product.js';

export let gateway: SimulatedGateway;
let phone: Phone;
export let streams: EventStream[];
export let posted: WrittenText[];
export let released: string[];
export let shown: Map<string, RunDetails>;
export let askedFor: string[];
/** What is remembered, by identity; under `everyone` the pause of all replies. */
export let contacts: Map<string, Contact>;
/** What the webhook and Temporal say, where they fail. */
export const says: { webhook?: string | undefined; temporal?: string | undefined } = {};

/** Gives each test of a file a phone of its own; the webhook and Temporal behind it are fakes. */
export function usePhone(): void {
  beforeEach(async () => {
    [streams, posted, released, askedFor] = [[], [], [], []];
    [shown, contacts] = [new Map(), new Map()];
    Object.assign(says, { webhook: undefined, temporal: undefined });
    const senderOf = createSenderOf('US');
    const parts = {
      senderOf,
      identitiesOf: (number: string) => identitiesOf({ from: number, sender: senderOf(number) }),
      contacts: fakeContacts,
      idOf: ({ guid }: WrittenText) => guid,
      async postText(text: WrittenText) {
        posted.push(text);
        if (says.webhook !== undefined) throw new Error(says.webhook);
      },
      runs: {
        async show(guid: string) {
          askedFor.push(guid);
          if (says.temporal !== undefined) throw new Error(says.temporal);
          return shown.get(guid);
        },
        async release(guid: string) {
          if (says.temporal !== undefined) throw new Error(says.temporal);
          released.push(guid);
        },
      },
    };
    gateway = await startSimulatedGateway({
      port: 0,
      page(switches) {
        phone = createPhone(parts, switches);
        const handle = createPhoneApp(phone, silentLog).callback();
        return (incoming, response) => void handle(incoming, response);
      },
    });
  });
  afterEach(async () => {
    phone.close();
    await gateway.close();
    await Promise.all(streams.map((stream) => stream.close()));
  });
}

const fakeContacts = {
  async find(senders: readonly string[]) {
    if (says.temporal !== undefined) throw new Error(says.temporal);
    return senders.map((sender) => contacts.get(sender)).find((contact) => contact !== undefined);
  },
  findEveryone: async () => contacts.get('everyone'),
  async resume(sender: string) {
    if (says.temporal !== undefined) throw new Error(says.temporal);
    if (contacts.get(sender)?.state === 'opted-out') return 'opted-out' as const;
    return contacts.delete(sender) ? ('resumed' as const) : ('none' as const);
  },
};

export async function watch(): Promise<EventStream> {
  const stream = await openEventStream(`${gateway.url}/phone/events`);
  streams.push(stream);
  return stream;
}
export const post = (path: string, body: unknown) => postJson(`${gateway.url}/phone/${path}`, body);
export async function write(text = 'Yes', number = '+15550001234'): Promise<string> {
  const { status, body } = await post('texts', { number, text });
  expect(status).toBe(200);
  return body['guid'] as string;
}
