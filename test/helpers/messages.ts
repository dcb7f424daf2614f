import { randomUUID } from 'node:crypto';
import type { InboundMessage } from '../../src/message.js';

/** A message with whatever a test cares about. */
export function aMessage(overrides: Partial<InboundMessage> = {}): InboundMessage {
  return {
    guid: `test-${randomUUID()}`,
    number: '+15550001234',
    text: 'Yes, I agree',
    acceptedAt: new Date().toISOString(),
    gateway: 'smsmobileapi',
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
    data: { guid: `test-${randomUUID()}`, from: '+15550001234', message: 'Yes, I agree', received_at: '2026-09-22T10:14:50Z', alias: null, device_id: 'd1', ...data },
  };
}
