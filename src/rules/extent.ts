import type { Token } from './split-clauses.js';

const light = new Set<Token['kind']>(['filler', 'certainly', 'misleading', 'thumb_up', 'thumb_down', 'cheer', 'shrug']);

/** What stands before and after a place of a clause. Computed once, so that a long clause takes no longer per word. */
export interface Extent {
  /** Whether every word is one that the rules know, and none is misleading. */
  bare: boolean;
  /** Whether nothing that matters follows. */
  onlyLightAfter: (index: number) => boolean;
  unknownBefore: (index: number) => boolean;
  actBefore: (index: number) => boolean;
}

export function createExtent(tokens: readonly Token[]): Extent {
  const last = tokens.findLastIndex(({ kind }) => !light.has(kind));
  const isBefore = (sought: Token['kind']) => {
    const first = tokens.findIndex(({ kind }) => kind === sought);
    return (index: number) => first >= 0 && first < index;
  };
  return {
    bare: tokens.every(({ kind }) => kind !== 'other' && kind !== 'misleading'),
    onlyLightAfter: (index) => index >= last,
    unknownBefore: isBefore('other'),
    actBefore: isBefore('act'),
  };
}
