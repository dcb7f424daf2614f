import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReplyResult, SendAuthority } from '../../src/activities/send-reply.js';
import type { InboundMessage } from '../../src/domain/message.js';
import { queries } from '../../src/domain/names.js';
import type { Status } from '../../src/workflows/signals.js';
import { eventually } from '../kit/eventually.js';
import { aDecision, aMessage } from '../helpers/messages.js';
import { connectForTest, type TemporalForTest } from '../helpers/suite-temporal.js';

let temporal: TemporalForTest;
beforeAll(async () => void (temporal = await connectForTest()));
afterAll(() => temporal.close());

it('a send whose worker was lost is repeated where the provider knows it by its mark', async () => {
  const [known, unknown] = [aMessage(), aMessage()];
  const sends = new Map<string, SendAuthority[]>([known, unknown].map(({ id }) => [id, []]));
  let goOn = () => {};
  const end = new Promise<void>((resolve) => (goOn = resolve));
  /** The first send of each is never heard of again, as when its worker was lost. */
  async function sendReply({ id }: InboundMessage, _text: string, authority: SendAuthority): Promise<ReplyResult> {
    if (sends.get(id)?.push(authority) === 1) await end;
    return { reply: 'sent' };
  }
  const consider = async ({ id }: InboundMessage) => aDecision(id === known.id ? { isRepeatable: true } : {});
  await temporal.withWorker({ consider, sendReply, tellParked: async () => {} }, async () => {
    await Promise.all([known, unknown].map((message) => temporal.startWorkflow(message)));
    expect(await temporal.client.workflow.getHandle(known.id).result()).toMatchObject({ reply: 'sent' });
    const parked = temporal.client.workflow.getHandle(unknown.id);
    await eventually(async () => (await parked.query<Status>(queries.status)).parkedAs === 'uncertain');
    goOn();
  });
  expect(sends.get(known.id)).toMatchObject([{ send: 1 }, { send: 1, wasMaybeSent: true }]);
  expect(sends.get(unknown.id)).toHaveLength(1);
});
