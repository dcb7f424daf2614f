import { limits } from './limits.js';

/**
 * Every problem that a response can have. Its `type` is `/problems/<name>`: clients may rely on it, so names never
 * change. `detail` says what is wrong and what to do; callers may give a more exact one.
 */
export const problemTypes = {
  'bad-request': {
    status: 400,
    title: 'Malformed HTTP request',
    detail: 'The request is not valid HTTP/1.1 (RFC 9112).',
  },
  'body-cut-off': { status: 400, title: 'The body ended early', detail: 'The body ended before its Content-Length.' },
  'not-json': { status: 400, title: 'Not JSON in UTF-8', detail: 'The body must be JSON in UTF-8.' },
  'too-complex': {
    status: 400,
    title: 'Nested too deeply, or too many members',
    detail: `JSON may be ${limits.jsonDepth} levels deep and have ${limits.jsonMembers} members.`,
  },
  unauthenticated: { status: 401, title: 'Not authenticated', detail: 'The request is not authenticated.' },
  'foreign-page': {
    status: 403,
    title: 'Not from this page',
    detail: 'Only the page that this server serves may send this request.',
  },
  'not-found': { status: 404, title: 'Not found', detail: 'This path does not exist.' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', detail: 'This path does not allow this method.' },
  'too-slow': {
    status: 408,
    title: 'The request took too long',
    detail:
      `Send the headers within ${limits.headersMs / 1_000} s and the whole request within ` +
      `${limits.requestMs / 1_000} s.`,
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    detail: `A body may have at most ${limits.bodyBytes} bytes.`,
  },
  'content-encoded': {
    status: 415,
    title: 'Content-Encoding not supported',
    detail: 'Send the body without a Content-Encoding.',
  },
  'unknown-expectation': { status: 417, title: 'Unknown expectation', detail: 'Only "100-continue" may be expected.' },
  'invalid-messages': { status: 422, title: 'No valid message', detail: 'No message in the body is valid.' },
  'invalid-body': {
    status: 422,
    title: 'Invalid body',
    detail: 'The body does not have the expected form.',
  },
  'headers-too-large': {
    status: 431,
    title: 'Headers too large',
    detail: `Headers may have at most ${limits.headerBytes / 1_024} KiB together.`,
  },
  unforeseen: {
    status: 500,
    title: 'Internal error',
    detail: 'The request failed because of an internal error. Send it again.',
  },
  'not-accepted': {
    status: 503,
    title: 'Not accepted, post again',
    detail: 'The message could not be stored in time. Post it again.',
  },
  'not-ready': { status: 503, title: 'Not ready', detail: 'Not ready: the disk is full.' },
  draining: {
    status: 503,
    title: 'Draining',
    detail: 'This api is draining: send texts to another one. Texts that still arrive are accepted.',
  },
  'too-many-pages': { status: 503, title: 'Too many pages', detail: 'Too many pages are open. Close one.' },
  'temporal-away': { status: 503, title: 'Temporal does not respond', detail: 'Temporal does not respond. Try again.' },
} as const;

export type ProblemName = keyof typeof problemTypes;
