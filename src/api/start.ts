import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Config } from '../config.js';
import type { ErasedInInbox } from '../control/control.js';
import { startControl } from '../control/server.js';
import { type Forwarder, startForwarder } from '../inbox/forwarder.js';
import { type Inbox, type InboxSettings, openInbox } from '../inbox/inbox.js';
import type { Log } from '../log.js';
import { createApiMetrics } from '../metrics/api.js';
import { exportInbox } from '../metrics/inbox.js';
import type { Starting } from '../process.js';
import { isRefusal, measuredStart, type StartWorkflow } from '../temporal/start-workflow.js';
import { createTemporalIntake } from '../temporal/temporal-intake.js';
import { createApp } from './app.js';
import { createDrainDesk } from './drain-desk.js';
import { createDraining, type Draining } from './draining.js';
import { createQuarantineDesk } from './quarantine-desk.js';
import type { Intake } from './intake.js';
import { listen } from '../http/server.js';

export interface ApiParts {
  config: Config;
  /** Of `config.dataDir`, made and checked. */
  dataDir: string;
  startWorkflow: StartWorkflow;
  /** Where its metrics are added. */
  metrics: Registry;
  log: Log;
  /** How long a stop goes on taking texts while /readyz sends load balancers elsewhere, in milliseconds; default: not at all. */
  moveOnMs?: number;
}

/** The steps of the api's stop, in their order. */
export interface RunningApi {
  /** Sends load balancers elsewhere for `moveOnMs`, then takes no more requests and answers those under way. */
  stopListening: () => Promise<void>;
  /** Forwards what is accepted, for up to 7 s, and says what stays. */
  forwardRest: () => Promise<void>;
  close: () => Promise<void>;
}

/** How long a stop may forward what waits in the inbox. */
const forwardRestMs = 7_000;

/** Wires the api from the settings and listens. */
export async function startApi(parts: ApiParts, { fail }: Pick<Starting, 'fail'>): Promise<RunningApi> {
  const { config, log, metrics, moveOnMs = 0 } = parts;
  const measured = createApiMetrics(metrics, { hasInbox: config.ackAfter === 'inbox' });
  const draining = createDraining();
  const measuredParts = { ...parts, draining, onCommitted: measured.committed, startWorkflow: measuredStart(parts.startWorkflow, measured.forwarded) };
  const { intake, forwardRest, close } = config.ackAfter === 'inbox' ? await intakeOnDisk(measuredParts, fail) : intakeInTemporal(measuredParts);
  const server = await listen(createApp({ intake, draining, credentials: config.credentials, log, measure: measured.webhook }), config);
  return {
    async stopListening() {
      draining.begin();
      await sleep(moveOnMs);
      await server.close();
    },
    forwardRest,
    close,
  };
}

interface RunningIntake extends Pick<RunningApi, 'forwardRest' | 'close'> {
  intake: Intake;
}

interface PartsOnDisk extends ApiParts, Required<Pick<InboxSettings, 'onCommitted'>> {
  draining: Draining;
}

async function intakeOnDisk({ config, dataDir, startWorkflow, draining, onCommitted, metrics, log }: PartsOnDisk, fail: Starting['fail']): Promise<RunningIntake> {
  const inbox = await openInbox({ dataDir, dedupDays: config.dedupDays, payloadKeys: config.payloadKeys, log, onBroken: fail, onCommitted });
  exportInbox(metrics, inbox);
  const forwarder = startForwarder({ inbox, startWorkflow, isRefusal, log });
  const control = await startControl({
    dataDir,
    erase: (number) => erase(number, inbox, forwarder),
    quarantine: createQuarantineDesk({ inbox, log }),
    drain: createDrainDesk({ draining, inbox, forwarder, log }),
    log,
  });
  return {
    intake: inbox,
    async forwardRest() {
      await control.close();
      await forwarder.stop(forwardRestMs);
    },
    close: () => inbox.close(),
  };
}

/** What the forwarder holds of it in memory goes too; a start that is under way ends first, so that its run is among those to erase. */
async function erase(number: string, inbox: Inbox, forwarder: Forwarder): Promise<ErasedInInbox> {
  const { seqs, ...erased } = await inbox.erase(number, (gone) => forwarder.forget(gone));
  return { ...erased, waiting: seqs.length };
}

function intakeInTemporal({ startWorkflow, log }: ApiParts): RunningIntake {
  return { intake: createTemporalIntake({ startWorkflow, log }), forwardRest: async () => {}, close: async () => {} };
}
