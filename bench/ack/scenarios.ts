import type { Load } from '../client/load.js';

/**
 * What is measured. `plain` and `sealed` get the same signed requests: `plain` ignores the signatures, `sealed` verifies
 * them and encrypts what it stores.
 */
export type Subject = 'answerback' | 'floor' | 'original' | 'plain' | 'sealed';

export interface Scenario {
  name: string;
  load: Load;
}

/**
 * The pause between bursts and between batches, in milliseconds. All servers finish their work after a response in this
 * time.
 */
const pauseMs = 10;

/** The names are those of the targets in targets.ts. A round runs each scenario once on each subject. */
export function ackScenarios(quick: boolean): Scenario[] {
  const times = (full: number) => Math.ceil(quick ? full / 2 : full);
  return [
    {
      name: 'one message',
      load: { kind: 'sequential', requests: times(800), pauseMs: 0, messagesPerRequest: 1 },
    },
    {
      name: '100 messages in one request',
      load: { kind: 'sequential', requests: times(100), pauseMs, messagesPerRequest: 100 },
    },
    {
      name: 'burst of 100 requests',
      load: { kind: 'burst', size: 100, repeats: times(40), pauseMs, messagesPerRequest: 1 },
    },
    {
      name: '100 connections, steady',
      load: { kind: 'steady', connections: 100, seconds: times(2), messagesPerRequest: 1 },
    },
  ];
}
