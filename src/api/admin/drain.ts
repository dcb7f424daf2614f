import type { Log } from '../../log/log.js';
import type { Draining } from './draining.js';

interface DrainAdminOptions {
  draining: Draining;
  inbox: { status(): { depth: number; stuck: number; quarantined: number } };
  forwarder: { isTemporalAway(): boolean };
  log: Log;
}

/** Operators drain an api before they remove it: begin, read the state, end. */
export function createDrainAdmin({ draining, inbox, forwarder, log }: DrainAdminOptions) {
  return {
    begin() {
      if (!draining.isOn)
        log.info({ event: 'drain.begun' }, 'Draining: /readyz answers 503; texts that still arrive are accepted');
      draining.begin();
    },
    end() {
      if (draining.isOn) log.info({ event: 'drain.ended' }, 'Draining ended: /readyz answers 200 again');
      draining.end();
    },
    state() {
      const { depth, stuck, quarantined } = inbox.status();
      return {
        draining: draining.isOn,
        depth,
        stuck,
        quarantined,
        quietMs: draining.quietMs(),
        temporalAway: forwarder.isTemporalAway(),
      };
    },
  };
}
