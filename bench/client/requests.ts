import { randomInt, randomUUID } from 'node:crypto';
import { signedHeaders } from '../../test/helpers/signing.js';
import { webhookSecret } from '../../test/kit/secret.js';
import type { Load } from './load.js';

const path = '/api/webhook/sms-received';
const placeholder = '00000000-0000-0000-0000-000000000000';

/** A message in the format of the gateway. */
export const aPost = {
  date: '2025-01-20',
  hour: '10:15:00',
  time_received: '2025-01-20 10:14:50',
  message: 'Yes, I agree with the proposal, please keep me informed about it',
  number: '+15550001234',
  guid: placeholder,
};

const bodyOf = (posts: ReadonlyArray<typeof aPost>) =>
  JSON.stringify(posts.length === 1 ? posts[0] : { messages: posts });

function headOf(bodyBytes: number, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nX-Webhook-Secret: ${webhookSecret}\r\nContent-Type: application/json\r\n${headers}Content-Length: ${bodyBytes}\r\n\r\n`;
}

/** Creates a request with one message, or with several as a batch. */
export function requestOf(posts: ReadonlyArray<typeof aPost>): Buffer {
  const body = bodyOf(posts);
  return Buffer.from(`${headOf(Buffer.byteLength(body))}${body}`);
}

/**
 * Returns a function that creates requests which differ only in their GUIDs and numbers. Both are scattered, like those of
 * gateways: ascending GUIDs would make every index faster than it really is, and one number every cache.
 */
export function requestMaker({
  messagesPerRequest,
  signingSecret,
}: Pick<Load, 'messagesPerRequest' | 'signingSecret'>): () => Buffer {
  const template = Buffer.from(bodyOf(Array.from({ length: messagesPerRequest }, () => aPost)));
  const guids = placesOf(placeholder, template);
  const numbers = placesOf(aPost.number, template);
  const plainHead = Buffer.from(headOf(template.length));
  return () => {
    const body = Buffer.from(template);
    for (const place of guids) body.write(randomUUID(), place, 'latin1');
    for (const place of numbers) body.write(newNumber(), place, 'latin1');
    return Buffer.concat([
      signingSecret === undefined ? plainHead : Buffer.from(headOf(body.length, signatureOf(body, signingSecret))),
      body,
    ]);
  };
}

const numbers = 9_000_000;

/** It has no factor in common with `numbers`, so all numbers come before one comes again. */
const step = 5_562_307;

let place = randomInt(numbers);

/**
 * Returns a number as long as that of `aPost`, and never one again in this process: the same text of a sender within
 * seconds is a double, which gets no reply.
 */
export function newNumber(): string {
  place = (place + step) % numbers;
  return `+1555${1_000_000 + place}`;
}

function placesOf(words: string, template: Buffer): number[] {
  const places: number[] = [];
  for (let at = template.indexOf(words); at >= 0; at = template.indexOf(words, at + 1)) places.push(at);
  return places;
}

function signatureOf(body: Buffer, secret: string): string {
  const headers = Object.entries(signedHeaders(body, secret));
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}
