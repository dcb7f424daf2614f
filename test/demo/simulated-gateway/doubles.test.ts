import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { gatewayToSimulate } from '../../../src/config/gateways.js';
import { phonePage } from '../../../src/demo/phone/start.js';
import { startSimulatedGateway } from '../../../src/demo/simulated-gateway/server.js';
import { simulate } from '../../../src/demo/simulated-gateway/simulate.js';
import { gatewayNames } from '../../../src/gateways/registry.js';
import { inboundOptions } from '../../helpers/gateways.js';
import { silentLog } from '../../helpers/logs.js';
import { startReceiver } from '../../helpers/receiver.js';
import { eventually } from '../../kit/eventually.js';
import { postJson } from '../../kit/product.js';

const written = { number: '+12065550101', text: 'Yes, I agree 👍' };

/** SMSMobileAPI signs only with a secret of ours. */
const variablesOf = (name: string): Record<string, string> =>
  name === 'smsmobileapi' ? { WEBHOOK_SIGNING_SECRET: 'a-secret-of-this-test' } : { GATEWAY: name };

/** Starts the simulated gateway with its phone, and a webhook that verifies and reads what it posts. */
async function start(name: string) {
  const webhook = await startReceiver();
  webhook.respond = (response) => response.writeHead(200).end();
  const config = loadConfig({ ...variablesOf(name), PORT: new URL(webhook.url).port });
  const simulated = simulate(config, inboundOptions.secret);
  const stops: Array<() => unknown> = [];
  const phone = {
    simulated,
    runs: { show: async () => undefined, release: async () => {} },
    contacts: { find: async () => undefined, findEveryone: async () => undefined, resume: async () => 'none' as const },
    senderOf: inboundOptions.senderOf,
    log: silentLog,
  };
  const page = phonePage(phone, { onStop: (stop) => void stops.push(stop) });
  const simulatedGateway = await startSimulatedGateway({ port: 0, dialect: simulated.dialect, page });
  onTestFinished(async () => {
    for (const stop of stops) await stop();
    await Promise.all([simulatedGateway.close(), webhook.close()]);
  });

  const { gateway, settings } = gatewayToSimulate(config.gateways);
  const inbound = gateway.createInbound(settings, inboundOptions);
  return {
    press: (path: string, body: object) => postJson(`${simulatedGateway.url}/phone/${path}`, body),
    received: () =>
      webhook.received.map(({ headers, body }) => {
        const raw = Buffer.from(body);
        const verification = inbound.verify({ headers, query: {}, target: gateway.description.path });
        expect(typeof verification === 'function' ? verification(raw) : verification === 'verified').toBe(true);
        const { messages, rejected } = inbound.read(raw, new Date(), {});
        expect(rejected).toEqual([]);
        return { message: messages[0], guid: inbound.namesIn(raw).guid };
      }),
  };
}

it.each(gatewayNames)(
  'a simulated %s posts each text twice, signed and under two ids, while it is switched to',
  async (name) => {
    const { press, received } = await start(name);
    expect((await press('doubles', { doublesTexts: true })).status).toBe(200);
    const { guid: id } = (await press('texts', written)).body;
    await eventually(() => received().length === 2);
    const [first, second] = received();
    expect(first?.message).toMatchObject({ id, from: written.number, text: written.text });
    expect(second?.message).toMatchObject({ from: written.number, text: written.text });
    expect(second?.message?.id).not.toBe(id);
    expect(second?.guid).not.toBe(first?.guid);

    await press('doubles', { doublesTexts: false });
    await press('texts', { ...written, text: 'Once' });
    await press('doubles', { doublesTexts: true });
    await press('texts', { ...written, text: 'Twice' });
    await eventually(() => received().length === 5);
    const later = received().slice(2);
    expect(later.map(({ message }) => message?.text).sort()).toEqual(['Once', 'Twice', 'Twice']);
  },
);
