import type { z } from 'zod';
import type { otherEvent, postedEvent } from './posted-event.js';
import type { postedBatch, postedMessage } from './posted-message.js';
import type { acknowledgement, probeResponse } from './acknowledge.js';

const message: z.input<typeof postedMessage> = {
  guid: 'text-0001',
  number: '+15550001234',
  message: 'Yes, I agree',
  date: '2025-01-20',
  hour: '10:15:00',
  time_received: '2025-01-20 10:14:50',
};

const batch: z.input<typeof postedBatch> = {
  messages: [message, { guid: 'text-0002', number: 15_550_001_234, message: '' }],
};

const event: z.input<typeof postedEvent> = {
  id: 'event-0001',
  type: 'sms.received',
  api_version: '2026-09-22',
  data: { guid: 'text-0003', from: '+15550001234', message: 'No, thank you', received_at: '2026-09-22T10:14:50Z' },
};

const other: z.input<typeof otherEvent> = { type: 'sms.sent', data: { guid: 'text-0004' } };

export const postExamples = {
  message: { summary: 'One text', value: message },
  batch: { summary: 'Several texts', value: batch },
  event: { summary: 'An event with a text', value: event },
  other: { summary: 'An event of another type', value: other },
};

function accepted(count: number, more: Partial<z.infer<typeof acknowledgement>> = {}): z.infer<typeof acknowledgement> {
  return {
    status: 'success',
    message: `Received ${count} message(s), processing in background`,
    message_count: count,
    ...more,
  };
}

export const acknowledgementExamples = {
  all: { summary: 'All messages accepted', value: accepted(1) },
  some: {
    summary: 'One message of a batch rejected',
    value: accepted(2, {
      rejected: [{ index: 1, reason: 'message: Invalid input: expected string, received undefined' }],
    }),
  },
  nothing: { summary: 'An event of another type', value: accepted(0) },
};

export const probeExample: z.infer<typeof probeResponse> = {
  status: 'ok',
  message: 'SMS webhook endpoint is active',
  timestamp: '2025-01-20T10:15:01.234Z',
};
