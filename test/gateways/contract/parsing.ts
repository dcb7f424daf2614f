import { describe, expect, it } from 'vitest';
import type { InboundMessage } from '../../../src/domain/message.js';
import { inboundOptions } from '../../helpers/gateways.js';
import { type BodyCase, type ContractCases, longText } from '../contract.js';

/** A mark of at most 36 characters has the id, `-2` to `-20`, a dot, and the number of the send. */
const maxIdLength = 30;

/** Whether texts are read in every form in which the provider posts them. */
export function describeParsing({ gateway, settings, bodies, signature, ids }: ContractCases): void {
  const inbound = gateway.createInbound(settings, inboundOptions);
  const acceptedAt = signature.vector.at;
  const messageOf = (body: string): InboundMessage => {
    const { messages, rejected } = inbound.read(Buffer.from(body), acceptedAt, {});
    expect(rejected).toEqual([]);
    expect(messages).toHaveLength(1);
    return messages[0] as InboundMessage;
  };
  const expectations = Object.entries(bodies).filter(
    (pair): pair is [string, BodyCase] => typeof pair[1] === 'object' && 'message' in pair[1],
  );

  describe('a text', () => {
    it.each(expectations)('is read: %s', (_name, { body, message }) => {
      const { from, sender, ...read } = messageOf(body);
      expect({ from, sender, ...read }).toMatchObject({ gateway: gateway.name, ...message });
      expect(sender).toBe(inboundOptions.senderOf(from.replace(/^whatsapp:/, '')));
      expect(read.acceptedAt).toBe(acceptedAt.toISOString());
      expect((read.receivedAt ?? '') <= read.acceptedAt).toBe(true);
    });

    it('keeps its words, its sender and its length', () => {
      expect(messageOf(bodies.emptyText.body).text).toBe('');
      expect(messageOf(bodies.nameAsSender.body).from).toMatch(/^[A-Za-z ]+$/);
      expect(messageOf(bodies.long.body).text).toBe(longText);
      if (bodies.severalRecipients !== 'none') {
        expect(messageOf(bodies.severalRecipients.body).isToSeveral).toBe(true);
      }
    });

    it('has the same id each time it is posted, which fits into every mark', () => {
      for (const body of [signature.vector.body, ...expectations.map(([, one]) => one.body)]) {
        const { id } = messageOf(body);
        expect(messageOf(body).id).toBe(id);
        if (ids === 'unchanged') expect(body).toContain(`"${id}"`);
        else
          expect(id).toMatch(
            new RegExp(`^${gateway.name}\\.[A-Za-z0-9._-]{1,${maxIdLength - gateway.name.length - 1}}$`),
          );
      }
    });

    it('is acknowledged, and named in the quarantine', () => {
      const post = inbound.read(Buffer.from(signature.vector.body), acceptedAt, {});
      expect(inbound.acknowledge(post)).toBeDefined();
      expect(JSON.stringify(inbound.acknowledge(post))).not.toContain(post.messages[0]?.text);
      const { guid, number } = inbound.namesIn(Buffer.from(signature.vector.body));
      expect({ guid, number }).toEqual({ guid: expect.any(String), number: post.messages[0]?.from });
    });
  });

  it.skipIf(bodies.unreadable === 'none')('what is no post is a problem for the provider, not a fault of ours', () => {
    if (bodies.unreadable === 'none') return;
    const { body, status } = bodies.unreadable;
    expect(() => inbound.read(Buffer.from(body), acceptedAt, {})).toThrow(expect.objectContaining({ status }));
  });
}
