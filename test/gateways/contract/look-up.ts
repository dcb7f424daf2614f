import { afterEach, describe, expect, it } from 'vitest';
import type { ContractCases, LookUpCases } from '../contract.js';
import { type Answer, type Provider, startProvider } from './provider.js';

/** Whether the question about a send of unknown outcome claims nothing that the provider didn't say. */
export function describeLookUp({ gateway, settings, reply }: ContractCases, lookUp: LookUpCases): void {
  let provider: Provider | undefined;
  afterEach(() => provider?.close());

  async function ask(answer: Answer, signal = new AbortController().signal) {
    provider = await startProvider(answer);
    const outcome = await gateway.createOutbound({ ...settings, url: provider.url }).lookUp?.(reply, signal);
    return { outcome, requests: provider.received.length };
  }

  describe('a look-up', () => {
    it('finds a reply by its mark, in one request', async () => {
      expect(await ask(lookUp.found)).toEqual({ outcome: lookUp.sent, requests: 1 });
    });

    it.each(['absent', 'halfFound'] as const)('finds no reply that is %s', async (name) => {
      expect(['unknown', 'not sent']).toContain((await ask(lookUp[name])).outcome);
    });

    it.each<[string, Answer]>([
      ['500', { ...lookUp.found, status: 500 }],
      ['401', { ...lookUp.found, status: 401 }],
      ['307', { ...lookUp.found, status: 307, headers: { location: '/elsewhere' } }],
      ['HTML', { status: 200, body: '<html>' }],
      ['a reset', 'reset after the body'],
    ])('that ends with %s tells nothing', async (_name, answer) => {
      expect(await ask(answer)).toEqual({ outcome: 'unknown', requests: 1 });
    });

    it('of a provider that is down tells nothing, nor does one that is aborted', async () => {
      const down = await startProvider(lookUp.found);
      await down.close();
      const outbound = gateway.createOutbound({ ...settings, url: down.url });
      expect(await outbound.lookUp?.(reply, new AbortController().signal)).toBe('unknown');
      expect(await ask(lookUp.found, AbortSignal.abort())).toEqual({ outcome: 'unknown', requests: 0 });
    });
  });
}
