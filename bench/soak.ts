import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { startSimulatedGateway } from '../src/demo/simulated-gateway/server.js';
import { defaultGateway } from '../src/gateways/registry.js';
import { seed } from '../test/faults/random.js';
import { messagesIn } from '../test/helpers/inbox-file.js';
import { webhookOf } from '../test/kit/product.js';
import { webhookSecret } from '../test/kit/secret.js';
import { connectTo } from '../test/kit/temporal.js';
import { benchOptions } from './options.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { prepareWhole } from './servers/answerback.js';
import { soakChart } from './soak/chart.js';
import { isConversation } from './soak/conversations/numbers.js';
import { createConversationJournal } from './soak/conversations/journal.js';
import { conversationLedger } from './soak/conversations/ledger.js';
import { kindOfReply } from './soak/conversations/reply-kinds.js';
import { play } from './soak/incidents.js';
import { createJournal } from './soak/journal.js';
import { startLoad } from './soak/load.js';
import { createOperator } from './soak/operator.js';
import { startSoaked } from './soak/product.js';
import { printProgress } from './soak/progress.js';
import { soakReport } from './soak/report.js';
import { soakResults } from './soak/results.js';
import { startSampler } from './soak/sampler.js';
import { schedule } from './soak/schedule.js';
import { settle } from './soak/settle.js';
import { alwaysChecks, flatnessChecks, type Measured } from './soak/verdict.js';

/**
 * `npm run soak`: runs the whole product under load for an hour, with restarts and gateway failures. Options:
 * `--minutes`, `--per-second`, `--write-docs`.
 */
const options = benchOptions({ minutes: 60, 'per-second': 20 });
const { minutes, 'per-second': perSecond } = options;
const { variableNames } = defaultGateway;
const interrupted = new AbortController();

await withScope(
  async (scope) => {
    const here = await machine();
    const gateway = await startSimulatedGateway({ port: 0 });
    scope.onEnd(() => gateway.close());
    const journal = createJournal();
    const conversations = createConversationJournal();

    const whole = await prepareWhole(`${scope.folder}/soak`, {
      [variableNames.key]: 'a-key',
      WEBHOOK_SECRET: webhookSecret,
      [variableNames.url]: gateway.url,
      SMS_AUTO_REPLY_ENABLED: 'true',
      REPLY_RETRY_FOR: '20s',
    });
    const product = await startSoaked(whole);
    scope.onEnd(() => product.stop());
    const connection = await connectTo(whole.temporalAddress);
    scope.onEnd(() => connection.close());
    const client = new Client({ connection });
    const operator = createOperator({
      client,
      hasReplyTo: (workflowId) => journal.hasReplyTo(workflowId) ?? conversations.hasReplyTo(workflowId),
      commandEnv: whole.env,
    });

    console.log(
      `${minutes} min at ${perSecond} messages/s, seed ${seed}. Ctrl-C ends the run early and prints the report.`,
    );
    const startedAt = Date.now();
    const sampler = startSampler(
      { product, dataDir: whole.dataDir, client },
      { startedAt, everyMs: Math.max(1_000, (minutes * 60_000) / 720) },
    );
    scope.onEnd(() => sampler.stop());
    const load = startLoad(
      { webhook: webhookOf({ PORT: String(whole.port), WEBHOOK_SECRET: webhookSecret }), perSecond },
      (report) => {
        journal.reported(report);
        conversations.reported(report.said);
      },
    );
    scope.onEnd(() => load.end());
    gateway.switches.onSent(({ to, text, at }) => {
      if (!isConversation(to)) return journal.replied({ to, at: Date.parse(at) });
      const kind = kindOfReply(text);
      conversations.replied({ to, kind, at: Date.parse(at) });
      load.tell({ kind: 'reply', to, reply: kind });
    });
    const progress = printProgress(journal, sampler, startedAt);
    scope.onEnd(() => progress.stop());

    const over = new AbortController();
    const signal = AbortSignal.any([interrupted.signal, over.signal]);
    const incidents = schedule(minutes);
    const playing = play(incidents, { product, gateway, operator, load, conversations, startedAt }, signal);
    await sleep(minutes * 60_000, undefined, { signal: interrupted.signal }).catch(() => undefined);
    over.abort();
    const ranMs = Date.now() - startedAt;
    const { events, failures } = await playing;
    const overAt = Date.now();
    const neverAccepted = await load.stop();
    const endedMs = Date.now() - startedAt;
    progress.stop();

    console.log('Waiting for open messages to finish …');
    const ledger = await settle({ journal, client, depth: () => messagesIn(whole.dataDir), operator, ranMs });
    const restarts = events.filter(({ what }) => what === 'product stopped' || what === 'product killed');
    const conversationsAtEnd = await conversationLedger({
      ...{ journal: conversations, client, overAt },
      restartsAt: restarts.map(({ fromMs }) => startedAt + fromMs),
    });
    const depthAtEnd = messagesIn(whole.dataDir);
    await sampler.stop();

    const windowMs = Math.max(5_000, (minutes * 60_000) / 60);
    const measured: Measured = {
      samples: sampler.samples,
      windows: journal.windows(startedAt, windowMs),
      ...{ ledger, conversations: conversationsAtEnd, endedMs, depthAtEnd, neverAccepted },
      planned: (perSecond * ranMs) / 1_000,
      incidents: { due: incidents.filter(({ atMs }) => atMs < ranMs).length, happened: events.length, failures },
      postedAgain: journal.postedAgain,
      crashes: product.crashes(),
    };
    const always = alwaysChecks(measured);
    const flatness = flatnessChecks(measured);
    const run = {
      ...here,
      minutes: endedMs / 60_000,
      perSecond,
      seed,
      startedAt: new Date(startedAt).toISOString().slice(0, 10),
    };
    const report = soakReport({ run, measured, events, posts: journal.posts, always, flatness });
    console.log(`\n${report}\n`);
    if (options.writeDocs) {
      await writeResult('soak.json', soakResults({ run, measured, events, checks: [...always, ...(flatness ?? [])] }));
      await writeResult('soak.svg', soakChart({ run, measured, events }));
      await writeDocs('docs/soak.md', 'soak', report);
    }
    const failed = [...always, ...(flatness ?? [])].filter(({ ok }) => !ok);
    for (const { what, found, limit } of failed) console.error(`FAILED: ${what}: ${found} (${limit})`);
    process.exitCode = failed.length > 0 ? 1 : 0;
  },
  { onInterrupt: () => interrupted.abort() },
);
