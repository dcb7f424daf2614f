import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainMessageId, prefixedMessageId } from '../../src/gateways/message-id.js';
import { gateways } from '../../src/gateways/registry.js';
import { workflowIdFor } from '../../src/temporal/workflow-id.js';

const anyGateway = fc.constantFrom('smsgate', 'twilio', 'httpsms', 'telnyx');
const anyId = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/),
  fc.uuid(),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
);

describe("a gateway's own id", () => {
  it.each([
    ['telnyx', '4711', 'telnyx.4711'],
    ['smsgate', 'PyDmBQZZXYmyxMwED8Fzy', 'smsgate.PyDmBQZZXYmyxMwED8Fzy'],
  ] as const)('of %s has its name in front', (gateway, id, messageId) => {
    expect(prefixedMessageId(gateway, id)).toBe(messageId);
  });

  it.each([
    ['twilio', 'SM0123456789abcdef0123456789abcdef'],
    ['httpsms', '32343a19-da5e-4b1b-a767-3298a73703cb'],
    ['telnyx', 'a/b'],
  ] as const)('of %s that is too long, or has other characters, is hashed', (gateway, id) => {
    const messageId = prefixedMessageId(gateway, id);
    expect(messageId).toMatch(new RegExp(`^${gateway}\\.[A-Za-z0-9_-]{22,}$`));
    expect(messageId).toHaveLength(30);
    expect(prefixedMessageId(gateway, id)).toBe(messageId);
  });

  it('becomes an id of at most 30 characters, which is its workflow id, and is no other message', () => {
    fc.assert(
      fc.property(anyGateway, anyGateway, anyId, anyId, (gateway, otherGateway, id, other) => {
        const messageId = prefixedMessageId(gateway, id);
        expect(messageId.length).toBeLessThanOrEqual(30);
        expect(workflowIdFor(messageId)).toBe(messageId);
        expect(prefixedMessageId(otherGateway, other) === messageId).toBe(gateway === otherGateway && id === other);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a GUID', () => {
  it.each([
    'test-001',
    'twilio',
    'twilio-1',
    'Twilio.1',
    'a.twilio.1',
    'guid-1',
    '2f1c9c1e-6b0a-4d0b-9f55-0d8f1f2f9a10',
  ])('%s is the message id', (guid) => {
    expect(plainMessageId(guid)).toBe(guid);
  });

  it.each(['twilio.SM1', 'smsgate.1', 'httpsms.1', 'telnyx.1', 'twilio.'])(
    '%s, as of another gateway, is hashed',
    (guid) => {
      expect(plainMessageId(guid)).toMatch(/^guid-[0-9a-f]{64}$/);
      expect(plainMessageId(plainMessageId(guid))).toBe(plainMessageId(guid));
    },
  );

  it("is never another gateway's message", () => {
    fc.assert(
      fc.property(anyGateway, anyId, (gateway, id) => {
        const foreign = prefixedMessageId(gateway, id);
        expect(plainMessageId(foreign)).not.toBe(foreign);
        expect(workflowIdFor(plainMessageId(foreign))).not.toBe(foreign);
      }),
    );
  });
});

it('the name of every gateway but the first is a prefix', () => {
  for (const { name } of gateways.slice(1)) expect(plainMessageId(`${name}.1`)).toMatch(/^guid-/);
});
