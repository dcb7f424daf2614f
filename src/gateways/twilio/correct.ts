import type { Corrections } from '../gateway.js';
import { parseForm } from './form.js';

/** @see {@link Inbound.namesIn} */
export function namesIn(raw: Uint8Array): { guid?: string | undefined; number?: string | undefined } {
  const form = parseForm(Buffer.from(raw));
  return { guid: form?.get('MessageSid')?.[0], number: form?.get('From')?.[0] };
}

/** @see {@link Inbound.correct} */
export function correct(raw: Uint8Array, { guid, number, message }: Corrections): Buffer {
  const form = new URLSearchParams(Buffer.from(raw).toString());
  for (const [name, value] of Object.entries({ MessageSid: guid, From: number, Body: message })) {
    if (value !== undefined) form.set(name, value);
  }
  return Buffer.from(form.toString());
}
