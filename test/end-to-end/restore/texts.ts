import { randomBytes } from 'node:crypto';
import type { WrittenText } from '../../../src/demo/simulated-gateway/dialect.js';
import { createTelnyxDialect } from '../../../src/demo/simulated-gateway/dialects/telnyx.js';
import { eventually } from '../../kit/eventually.js';
import { post } from '../../../src/demo/simulated-gateway/post-to-webhook.js';

/**
 * Posts texts as Telnyx does, which tells when it received each, and again until it gets a 200. A text that is posted
 * again is the same object.
 */
export function telnyxAt({ PORT }: { PORT: string }) {
  const webhookUrl = `http://127.0.0.1:${PORT}/api/webhook/telnyx`;
  const { postOfText } = createTelnyxDialect({ settings: { apiKey: '' }, webhookUrl });
  return async (text: WrittenText): Promise<void> => {
    await eventually(() => post(postOfText(text)).then(() => true), { withinMs: 60_000 });
  };
}

let writers = 0;

/** A text of a person who has written none before. */
export const aText = (text = 'Yes, I agree'): WrittenText => ({
  number: `+1206555${String(writers++).padStart(4, '0')}`,
  text,
  // Longer ones are hashed.
  guid: randomBytes(8).toString('hex'),
  at: new Date(),
});

/** The id of the run that replies to a text. */
export const runOf = ({ guid }: WrittenText): string => `telnyx.${guid}`;
