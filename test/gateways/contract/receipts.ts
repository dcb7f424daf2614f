import { describe, expect, it } from 'vitest';
import { receiptStates } from '../../../src/domain/receipt.js';
import { inboundOptions } from '../../helpers/gateways.js';
import type { ContractCases, ReceiptCases } from '../contract.js';

/** Whether every status of the provider is read, and none without our mark. */
export function describeReceipts({ gateway, settings, signature }: ContractCases, receipts: ReceiptCases): void {
  const { mark, post, statuses } = receipts;
  const inbound = gateway.createInbound(settings, inboundOptions);
  const read = (status: string, marked: string | undefined = mark) => readPost(post(status, marked));
  const readPost = ({ body, query = {} }: ReturnType<ReceiptCases['post']>) => {
    const { messages, rejected, receipts: found = [] } = inbound.read(Buffer.from(body), signature.vector.at, query);
    expect({ messages, rejected }).toEqual({ messages: [], rejected: [] });
    return found;
  };

  describe('a receipt', () => {
    it.each(Object.entries(statuses))('%s says: %s', (status, state) => {
      const found = read(status);
      expect(found).toHaveLength(state === 'none' ? 0 : 1);
      if (state !== 'none') expect(found[0]).toMatchObject({ mark, gateway: gateway.name, state });
      expect(found[0]?.code ?? '').toMatch(/^[A-Za-z0-9_: -]{0,100}$/);
    });

    it('may say of a send that it was sent, delivered, or failed', () => {
      expect(Object.values(statuses)).toEqual(expect.arrayContaining(['sent', 'delivered', 'failed']));
    });

    it('without our mark is accepted and ignored', () => {
      for (const status of Object.keys(statuses)) expect(readPost(post(status, undefined))).toEqual([]);
    });

    it('says the same whenever it comes, and however often', () => {
      const inOrder = Object.entries(statuses)
        .filter(([, state]) => state !== 'none')
        .sort(([, one], [, other]) => rankOf(one) - rankOf(other))
        .map(([status]) => status);
      const once = inOrder.flatMap((status) => read(status));
      const reversed = [...inOrder].reverse().flatMap((status) => read(status));
      const doubled = inOrder.flatMap((status) => [...read(status), ...read(status)]);
      expect(reversed).toEqual([...once].reverse());
      expect(doubled).toEqual(once.flatMap((receipt) => [receipt, receipt]));
    });

    it('of another send has the mark of that', () => {
      const other = mark.replace(/\d+$/, '2');
      const [status = ''] = Object.entries(statuses).find(([, state]) => state === 'delivered') ?? [];
      expect(read(status, other)).toMatchObject([{ mark: other }]);
    });
  });
}

const rankOf = (state: ReceiptCases['statuses'][string]) => receiptStates.findIndex((one) => one === state);
