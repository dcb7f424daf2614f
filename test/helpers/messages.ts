import { randomUUID } from 'node:crypto';
import type { Decision } from '../../src/domain/decision.js';
import { type InboundMessage, messageVersion } from '../../src/domain/message.js';
import { createSenderOf } from '../../src/domain/sender.js';

/** Without a default country. */
export const senderOf = createSenderOf(undefined);

/** A message with whatever a test cares about. */
export function aMessage(overrides: Partial<InboundMessage> = {}): InboundMessage {
  const { from = '+15550001234' } = overrides;
  return {
    version: messageVersion,
    id: `test-${randomUUID()}`,
    from,
    sender: senderOf(from),
    text: 'Yes, I agree',
    acceptedAt: new Date().toISOString(),
    gateway: 'smsmobileapi',
    ...overrides,
  };
}

/** A decision to reply with whatever a test cares about. */
export function aDecision(overrides: Partial<Extract<Decision, { kind: 'reply' }>> = {}): Decision {
  return {
    verdict: { label: 'Agree', by: 'rules' },
    kind: 'reply',
    text: 'Thank you!',
    maxAgeMs: 86_400_000,
    parkMs: 600_000,
    ...overrides,
  };
}

/** A message as the gateway posts it. */
export function aPost(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    date: '2025-01-20',
    hour: '10:15:00',
    time_received: '2025-01-20 10:14:50',
    message: 'Yes, I agree',
    number: '+15550001234',
    guid: `test-${randomUUID()}`,
    ...overrides,
  };
}

/** A received text in the provider's signed format. */
export function anEvent(data: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: randomUUID(),
    type: 'sms.received',
    api_version: '2026-09-22',
    created_at: '2026-09-22T10:15:00Z',
    occurred_at: '2026-09-22T10:14:50Z',
    data: {
      guid: `test-${randomUUID()}`,
      from: '+15550001234',
      message: 'Yes, I agree',
      received_at: '2026-09-22T10:14:50Z',
      alias: null,
      device_id: 'd1',
      ...data,
    },
  };
}
