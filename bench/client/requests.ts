import { randomUUID } from 'node:crypto';

const path = '/api/webhook/sms-received';
const placeholder = '00000000-0000-0000-0000-000000000000';

/** A message as the gateway posts it. */
export const aPost = {
  date: '2025-01-20',
  hour: '10:15:00',
  time_received: '2025-01-20 10:14:50',
  message: 'Yes, I agree with the proposal, please keep me informed about it',
  number: '+15550001234',
  guid: placeholder,
};

/** One message as it is, more of them as a batch. */
export function requestOf(posts: ReadonlyArray<typeof aPost>): Buffer {
  const body = JSON.stringify(posts.length === 1 ? posts[0] : { messages: posts });
  return Buffer.from(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/**
 * Makes requests that differ only in their GUIDs, which are random as those of gateways are:
 * rising ones would flatter every index they are put into.
 */
export function requestMaker(messagesPerRequest: number): () => Buffer {
  const template = requestOf(Array.from({ length: messagesPerRequest }, () => aPost));
  const places: number[] = [];
  for (let at = template.indexOf(placeholder); at >= 0; at = template.indexOf(placeholder, at + 1)) places.push(at);
  return () => {
    const request = Buffer.from(template);
    for (const place of places) request.write(randomUUID(), place, 'latin1');
    return request;
  };
}
