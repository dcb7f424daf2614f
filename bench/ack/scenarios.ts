import type { Load } from '../client/load.js';

/** Who answers. `sealed` is Answerback that verifies signatures and encrypts; `fdatasync` is no server: an append that waits for the disk, in place of one request. */
export type Subject = 'answerback' | 'sealed' | 'bareKoa' | 'original' | 'directStarts' | 'fdatasync';

/** Upper bounds of milliseconds, lower bounds of rates. */
export interface Target {
  p50?: number;
  p99?: number;
  messagesPerSecond?: number;
  /** At least so many times the messages per second of the original. */
  timesOriginal?: number;
}

export interface Scenario {
  name: string;
  load: Load;
  target?: Target;
}

/** Between bursts, and between batches: what an answer left to be done is done by then, on either side. */
const pauseMs = 10;

/** Of the product against the baselines; a round is one pass over all of them. */
export function plainScenarios(quick: boolean): Scenario[] {
  const times = (full: number) => Math.ceil(quick ? full / 2 : full);
  const one = { messagesPerRequest: 1, newConnections: false };
  return [
    { name: 'one after the other', load: { kind: 'sequential', requests: times(800), pauseMs: 0, ...one }, target: { p50: 0.6, p99: 3 } },
    { name: '10 at once', load: { kind: 'burst', size: 10, repeats: times(80), pauseMs, ...one }, target: { p50: 2, p99: 5 } },
    { name: '100 at once', load: { kind: 'burst', size: 100, repeats: times(40), pauseMs, ...one }, target: { p50: 5, p99: 14 } },
    {
      name: '100 messages in one request',
      load: { kind: 'sequential', requests: times(100), pauseMs, newConnections: false, messagesPerRequest: 100 },
      target: { p50: 2 },
    },
    { name: '100 connections, steady', load: { kind: 'steady', connections: 100, seconds: times(2), messagesPerRequest: 1 }, target: { messagesPerSecond: 16_000, timesOriginal: 2 } },
    { name: 'new connection, one after the other', load: { kind: 'sequential', requests: times(300), pauseMs: 0, messagesPerRequest: 1, newConnections: true } },
    { name: 'new connections, 100 at once', load: { kind: 'burst', size: 100, repeats: times(15), pauseMs, messagesPerRequest: 1, newConnections: true } },
  ];
}

/** Each request waits for its workflows; a start costs the server 5 ms and more, so these are few. */
export function directScenarios(): Scenario[] {
  const one = { messagesPerRequest: 1, newConnections: false, pauseMs };
  return [
    { name: 'one after the other', load: { kind: 'sequential', requests: 60, ...one } },
    { name: '10 at once', load: { kind: 'burst', size: 10, repeats: 8, ...one } },
    { name: '100 at once', load: { kind: 'burst', size: 100, repeats: 2, ...one } },
    { name: '100 messages in one request', load: { kind: 'sequential', requests: 3, pauseMs, messagesPerRequest: 100, newConnections: false } },
  ];
}

export const backlogMessages = 5_000;

export function backlogScenarios(quick: boolean): Scenario[] {
  const one = { messagesPerRequest: 1, newConnections: false, pauseMs };
  const times = (full: number) => Math.ceil(quick ? full / 2 : full);
  return [
    { name: 'backlog: one after the other', load: { kind: 'sequential', requests: times(150), ...one } },
    { name: 'backlog: 10 at once', load: { kind: 'burst', size: 10, repeats: times(40), ...one } },
    { name: 'backlog: 100 at once', load: { kind: 'burst', size: 100, repeats: times(10), ...one } },
  ];
}

export function oneProcessScenario(quick: boolean): Scenario {
  const seconds = quick ? 8 : 20;
  return { name: 'all in one process, 20/s with workflows', load: { kind: 'paced', perSecond: 20, seconds, messagesPerRequest: 1 }, target: { p50: 4, p99: 15 } };
}
