import { limits } from './limits.js';

/**
 * Every fault that an answer can name. Its `type` is `/problems/<name>`: senders may rely on it, so a name stays what it is.
 * `detail` says what is wrong and what to do, where nothing more exact is known.
 */
export const faults = {
  'bad-request': { status: 400, title: 'Not a proper HTTP request', detail: 'This is not HTTP/1.1 as RFC 9112 has it.' },
  'body-cut-off': { status: 400, title: 'The body ended early', detail: 'The body ended before its Content-Length.' },
  'not-json': { status: 400, title: 'Not JSON in UTF-8', detail: 'The body must be JSON in UTF-8.' },
  'too-complex': { status: 400, title: 'Nested too deep, or too many members', detail: `JSON may be ${limits.jsonDepth} levels deep and have ${limits.jsonMembers} members.` },
  unauthenticated: { status: 401, title: 'Not authenticated', detail: 'The request is not authenticated.' },
  'foreign-page': { status: 403, title: 'Not from this page', detail: 'Only the page that is served here may ask for this.' },
  'not-found': { status: 404, title: 'Nothing here', detail: 'There is nothing here.' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', detail: 'This method is not allowed here.' },
  'too-slow': {
    status: 408,
    title: 'The request took too long',
    detail: `Send the headers within ${limits.headersMs / 1_000} s and the whole request within ${limits.requestMs / 1_000} s.`,
  },
  'body-too-large': { status: 413, title: 'Body too large', detail: `A body may have at most ${limits.bodyBytes} bytes.` },
  'content-encoded': { status: 415, title: 'Content-Encoding not supported', detail: 'Send the body without a Content-Encoding.' },
  'unknown-expectation': { status: 417, title: 'Unknown expectation', detail: 'Only "100-continue" may be expected.' },
  'invalid-messages': { status: 422, title: 'No valid message', detail: 'No message in the body is valid.' },
  'invalid-body': { status: 422, title: 'Not a valid body', detail: 'The body is not of the form that is wanted here.' },
  'headers-too-large': { status: 431, title: 'Headers too large', detail: `Headers may have at most ${limits.headerBytes / 1_024} KiB together.` },
  unforeseen: { status: 500, title: 'Something went wrong here', detail: 'Something went wrong here. Deliver the message again.' },
  'not-accepted': { status: 503, title: 'Not accepted, deliver again', detail: 'The message could not be made safe in time. Deliver it again.' },
  'not-ready': { status: 503, title: 'Not ready', detail: 'Not ready: the disk is full.' },
  draining: { status: 503, title: 'Being drained', detail: 'This api is about to be taken away: send texts to another one. What still comes is accepted.' },
  'too-many-pages': { status: 503, title: 'Too many pages', detail: 'Too many pages are open. Close one.' },
  'temporal-away': { status: 503, title: 'Temporal does not answer', detail: 'Temporal does not answer. Try again.' },
} as const;

export type Fault = keyof typeof faults;
