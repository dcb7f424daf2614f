import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.js';
import type { ErasedInInbox } from '../control/control.js';
import { startControl } from '../control/server.js';
import { type Forwarder, startForwarder } from '../inbox/forwarder.js';
import { type Inbox, openInbox } from '../inbox/inbox.js';
import type { Log } from '../log/log.js';
import { createApiMetrics } from '../metrics/api.js';
import { exportInbox } from '../metrics/inbox.js';
import type { Lifecycle } from '../process/run-main.js';
import { withDoubles } from '../temporal/doubles.js';
import { type ForwardReceipt, observedReceipts } from '../temporal/forward-receipt.js';
import { createRecentStarts, type RecentStarts } from '../temporal/recent-starts.js';
import { isRefusal, observedStart, type StartWorkflow } from '../temporal/start-workflow.js';
import type { TakeOver } from '../temporal/take-over.js';
import { createTemporalIntake } from '../temporal/temporal-intake.js';
import { createApp } from './app.js';
import { createDrainAdmin } from './admin/drain.js';
import { createDraining, type Draining } from './admin/draining.js';
import { createQuarantineAdmin } from './admin/quarantine.js';
import { createStuckAdmin } from './admin/stuck.js';
import { createSenderOf, type SenderOf, type SenderToErase, senderToErase } from '../domain/sender.js';
import { createSenderList } from '../domain/sender-list.js';
import type { ConfiguredGateway } from '../config/gateways.js';
import type { Inbound } from '../gateways/gateway.js';
import { stopWaits } from '../domain/waiting.js';
import { listen } from '../http/server.js';

export interface StartApiOptions {
  config: Config;
  /** The gateways whose webhook exists, at least one: see `gatewaysWithRoute`. */
  routes: readonly ConfiguredGateway[];
  /** The first secret of ANSWERBACK_SECRET. */
  secret: string;
  /** The path of `config.dataDir`; the folder exists and was checked. Undefined without an inbox. */
  dataDir: string | undefined;
  startWorkflow: StartWorkflow;
  forwardReceipt: ForwardReceipt;
  takeOver: TakeOver;
  /** Receives the api's metrics. */
  metrics: Registry;
  log: Log;
  /** How long a stop still accepts texts while /readyz answers 503, in milliseconds; default: 0. */
  moveOnMs?: number;
}

/** The steps that stop the api, in order. */
export interface RunningApi {
  /** Answers 503 on /readyz for `moveOnMs`, then refuses new requests and finishes the current ones. */
  stopListening: () => Promise<void>;
  /** Forwards accepted messages for up to `stopWaits.forwardMs`, and logs how many remain. */
  forwardRest: () => Promise<void>;
  close: () => Promise<void>;
}

/** Builds the api from its configuration and listens. */
export async function startApi(options: StartApiOptions, { fail }: Pick<Lifecycle, 'fail'>): Promise<RunningApi> {
  const { config, routes, secret, dataDir, log, metrics, moveOnMs = 0 } = options;
  const observers = createApiMetrics(
    metrics,
    routes.map(({ gateway }) => gateway.name),
  );
  const draining = createDraining();
  const senderOf = createSenderOf(config.defaultCountry);
  const webhooks = routes.map(({ gateway, settings }) => ({
    name: gateway.name,
    description: gateway.description,
    inbound: gateway.createInbound(settings, { senderOf, secret }),
  }));
  const recentStarts = createRecentStarts(
    withDoubles(options.startWorkflow, {
      windowMs: config.doubles.windowMs,
      isExcepted: createSenderList(config.doubles.except, senderOf),
    }),
  );
  const startWorkflow = observedStart(recentStarts.startWorkflow, observers.starts);
  const forwardReceipt = observedReceipts(options.forwardReceipt, observers.receipts);
  const disk =
    config.hasInbox && dataDir !== undefined
      ? await startInbox(
          { ...options, dataDir, startWorkflow, forwardReceipt, recentStarts, draining, webhooks, senderOf },
          fail,
        )
      : undefined;
  const intake =
    disk && config.ackAfter === 'inbox'
      ? disk.inbox
      : createTemporalIntake({
          startWorkflow,
          forwardReceipt,
          takeOver: options.takeOver,
          quarantine: disk?.inbox,
          log,
        });
  const server = await listen(createApp({ intake, draining, webhooks, log, observer: observers.api }), config);
  return {
    async stopListening() {
      draining.begin();
      await sleep(moveOnMs);
      await server.close();
    },
    forwardRest: async () => disk?.forwardRest(),
    close: async () => disk?.inbox.close(),
  };
}

interface InboxParts extends StartApiOptions {
  dataDir: string;
  recentStarts: Pick<RecentStarts, 'clear'>;
  draining: Draining;
  webhooks: ReadonlyArray<{ name: string; inbound: Inbound }>;
  senderOf: SenderOf;
}

/** Opens the inbox, and starts the forwarder and what operators ask about both. */
async function startInbox(
  {
    config,
    dataDir,
    startWorkflow,
    forwardReceipt,
    takeOver,
    recentStarts,
    draining,
    webhooks,
    senderOf,
    metrics,
    log,
  }: InboxParts,
  fail: Lifecycle['fail'],
): Promise<Pick<RunningApi, 'forwardRest'> & { inbox: Inbox }> {
  const inbox = await openInbox({ dataDir, payloadKeys: config.payloadKeys, log, onBroken: fail });
  exportInbox(metrics, inbox);
  const forwarder = startForwarder({ inbox, startWorkflow, forwardReceipt, takeOver, isRefusal, log });
  const control = await startControl({
    dataDir,
    async erase(number) {
      recentStarts.clear();
      return erase(senderToErase(number, senderOf), inbox, forwarder);
    },
    quarantine: createQuarantineAdmin({ inbox, inboundOf: inboundOf(webhooks), log }),
    drain: createDrainAdmin({ draining, inbox, forwarder, log }),
    stuck: createStuckAdmin({ inbox, forwarder }),
    log,
  });
  return {
    inbox,
    async forwardRest() {
      await control.close();
      await forwarder.stop(stopWaits.forwardMs);
    },
  };
}

const inboundOf = (webhooks: InboxParts['webhooks']) => (gateway: string | null) =>
  (gateway === null ? webhooks[0] : webhooks.find(({ name }) => name === gateway))?.inbound;

/**
 * Erases a sender from the inbox and from the forwarder's memory. A workflow start in progress ends first, so its run
 * exists when the caller looks for runs.
 */
async function erase(sender: SenderToErase, inbox: Inbox, forwarder: Forwarder): Promise<ErasedInInbox> {
  const { guids, quarantined, unreadable } = await inbox.erase(sender, () => forwarder.forget(sender.sender));
  // Not only after a step that erased something: a start may be in progress whose entry is gone already.
  await forwarder.forget(sender.sender);
  return { waiting: guids.length, quarantined, unreadable };
}
