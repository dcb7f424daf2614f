import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../kit/eventually.js';
import type { Fleet, Part } from './fleet.js';

interface Killing {
  isOver: () => boolean;
  /** The part to kill next. */
  next: () => Part;
  /** The pause before each kill, from 0 to 1 second. */
  random: () => number;
  onKill?: (part: Part) => void;
}

/**
 * Kills a part whenever the gateway has had another reply since the last kill, or 15 s after it, so that kills land in
 * the middle of sends.
 */
export async function killUntil(fleet: Fleet, { isOver, next, random, onKill = () => {} }: Killing): Promise<void> {
  while (!isOver()) {
    const { count } = fleet.gateway.sent;
    await eventually(() => fleet.gateway.sent.count > count || isOver(), { withinMs: 15_000 }).catch(() => undefined);
    await sleep(random() * 1_000);
    const part = next();
    onKill(part);
    await fleet.killAndRestart(part);
  }
}
