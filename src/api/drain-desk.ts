import type { Log } from '../log.js';
import type { Draining } from './draining.js';

interface DrainParts {
  draining: Draining;
  inbox: { status(): { depth: number; stuck: number; quarantined: number } };
  forwarder: { isTemporalAway(): boolean };
  log: Log;
}

/** What operators do to take an api away: begin, look how far it is, and change their mind. */
export function createDrainDesk({ draining, inbox, forwarder, log }: DrainParts) {
  return {
    begin() {
      if (!draining.isOn) log.info({ event: 'drain.begun' }, 'Draining: /readyz is 503, and what still comes is accepted');
      draining.begin();
    },
    end() {
      if (draining.isOn) log.info({ event: 'drain.ended' }, 'Draining has ended: /readyz asks for texts again');
      draining.end();
    },
    state() {
      const { depth, stuck, quarantined } = inbox.status();
      return { draining: draining.isOn, depth, stuck, quarantined, quietMs: draining.quietMs(), temporalAway: forwarder.isTemporalAway() };
    },
  };
}
