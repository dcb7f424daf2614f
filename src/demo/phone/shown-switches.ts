import type { Mode } from '../simulated-gateway/modes.js';
import type { Switches } from '../simulated-gateway/server.js';
import type { EventStreams } from './event-streams.js';

/** Sets the gateway's switches, and shows all pages how they are set. */
export function createShownSwitches(gateway: Switches, streams: Pick<EventStreams, 'send'>) {
  return {
    setMode(mode: Mode): void {
      gateway.setMode(mode);
      streams.send('mode', { mode });
    },
    setDoublesTexts(doublesTexts: boolean): void {
      gateway.setDoublesTexts(doublesTexts);
      streams.send('doubles', { doublesTexts });
    },
  };
}
