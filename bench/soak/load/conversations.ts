import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf } from '../conversations/numbers.js';
import type { ReplyKind } from '../conversations/reply-kinds.js';
import { scripts, type Step } from '../conversations/scripts.js';
import { machineWords, type Said, type Says, words } from '../conversations/texts.js';
import { aPost, type LoadPost } from './posts.js';

/** The longest pause between two texts of a person who does not wait for a reply, in milliseconds. */
const maxPauseMs = 1_000;

/** The share of texts that the gateway posts twice. */
const twice = 0.15;

export interface ConversationOptions {
  random: () => number;
  /** Posts until the response is the expected one. */
  deliver: (post: LoadPost) => Promise<void>;
  onSaid: (said: Said) => void;
  /** Once true, no more texts are written. */
  isOver: () => boolean;
}

/** Plays the senders who read their replies: people in a storm of STOPs, and machines that respond to each reply. */
export function createConversations({ random, deliver, onSaid, isOver }: ConversationOptions) {
  const arrived = new Set<string>();
  const arrivals = new EventEmitter().setMaxListeners(0);
  /** How many texts each machine has written. */
  const machines = new Map<string, number>();
  let people = 0;

  async function write(number: string, says: Says, message: string): Promise<void> {
    const guid = randomUUID();
    const post = aPost('conversation', [{ guid, workflowId: guid, number, message, silent: false }]);
    const postedAt = Date.now();
    if (random() < twice) void deliver(post);
    await deliver(post);
    onSaid({ workflowId: guid, number, says, postedAt, at: Date.now() });
  }

  async function play(number: string, script: readonly Step[]): Promise<void> {
    for (const { says, after } of script) {
      const awaited = `${number} ${after}`;
      if (after === undefined) await sleep(random() * maxPauseMs);
      else if (!arrived.has(awaited)) await once(arrivals, awaited);
      if (isOver()) return;
      await write(number, says, words[says][Math.floor(random() * words[says].length)] as string);
    }
  }

  function writeAsMachine(number: string): void {
    if (isOver()) return;
    const index = machines.get(number) ?? 0;
    machines.set(number, index + 1);
    void write(number, 'machine', machineWords(index));
  }

  return {
    storm(senders: number): void {
      for (let index = 0; index < senders; index++)
        void play(numberOf('person', people++), scripts[index % scripts.length] as readonly Step[]);
    },
    loops(count: number): void {
      for (let index = 0; index < count; index++) writeAsMachine(numberOf('machine', machines.size));
    },
    writeAsMachine,
    replied({ to, kind }: { to: string; kind: ReplyKind }): void {
      if (machines.has(to)) return writeAsMachine(to);
      arrived.add(`${to} ${kind}`);
      arrivals.emit(`${to} ${kind}`);
    },
  };
}
