import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { startSimulatedGateway } from '../src/simulated-gateway/server.js';
import { connectTemporal } from '../src/temporal/connect.js';
import { seed } from '../test-faults/random.js';
import { messagesIn } from '../test/helpers/inbox-file.js';
import { quietRuntime } from '../test/helpers/temporal.js';
import { writeDocs } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { prepareWhole } from './servers/answerback.js';
import { soakChart } from './soak/chart.js';
import { play } from './soak/incidents.js';
import { createJournal } from './soak/journal.js';
import { startLoad } from './soak/load.js';
import { createOperator } from './soak/operator.js';
import { soakOptions } from './soak/options.js';
import { startSoaked } from './soak/product.js';
import { sayProgress } from './soak/progress.js';
import { soakReport } from './soak/report.js';
import { soakResults } from './soak/results.js';
import { startSampler } from './soak/sampler.js';
import { schedule } from './soak/schedule.js';
import { settle } from './soak/settle.js';
import { alwaysChecks, flatnessChecks, type Measured } from './soak/verdict.js';

/** `npm run soak`: the whole product under load for an hour, with restarts and a gateway that fails. `--minutes`, `--per-second`, `--write-docs`. */
const options = soakOptions(process.argv.slice(2));
const { minutes, perSecond } = options;
const interrupted = new AbortController();

await withScope(
  async (scope) => {
    const here = await machine();
    const gateway = await startSimulatedGateway({ port: 0 });
    scope.onEnd(() => gateway.close());
    const journal = createJournal();
    gateway.switches.onSent(({ to, at }) => journal.replied({ to, at: Date.parse(at) }));

    const whole = await prepareWhole(`${scope.folder}/soak`, { SMS_MOBILE_API_KEY: 'a-key', SMS_MOBILE_API_URL: gateway.url, SMS_AUTO_REPLY_ENABLED: 'true', REPLY_RETRY_FOR: '20s' });
    const product = await startSoaked(whole);
    scope.onEnd(() => product.stop());
    quietRuntime();
    const { connection } = await connectTemporal({ connectionOptions: { address: whole.temporalAddress } }, { retryForMs: 30_000 });
    scope.onEnd(() => connection.close());
    const client = new Client({ connection });
    const operator = createOperator({ client, journal, commandEnv: whole.env });

    console.log(`${minutes} min at ${perSecond} messages/s, seed ${seed}. Ctrl-C ends it early, with a report.`);
    const startedAt = Date.now();
    const sampler = startSampler({ product, dataDir: whole.dataDir, client }, { startedAt, everyMs: Math.max(1_000, (minutes * 60_000) / 720) });
    scope.onEnd(() => sampler.stop());
    const load = startLoad({ webhook: `http://127.0.0.1:${whole.port}/api/webhook/sms-received`, perSecond }, (report) => journal.reported(report));
    scope.onEnd(() => load.end());
    const progress = sayProgress(journal, sampler, startedAt);
    scope.onEnd(() => progress.stop());

    const over = new AbortController();
    const signal = AbortSignal.any([interrupted.signal, over.signal]);
    const incidents = schedule(minutes);
    const playing = play(incidents, { product, gateway, operator, startedAt }, signal);
    await sleep(minutes * 60_000, undefined, { signal: interrupted.signal }).catch(() => undefined);
    over.abort();
    const ranMs = Date.now() - startedAt;
    const { events, failures } = await playing;
    const undelivered = await load.stop();
    const endedMs = Date.now() - startedAt;
    progress.stop();

    console.log('Waiting for what is under way …');
    const ledger = await settle({ journal, client, depth: () => messagesIn(whole.dataDir), operator, ranMs });
    const depthAtEnd = messagesIn(whole.dataDir);
    await sampler.stop();

    const windowMs = Math.max(5_000, (minutes * 60_000) / 60);
    const measured: Measured = {
      samples: sampler.samples,
      windows: journal.windows(startedAt, windowMs),
      ...{ ledger, endedMs, depthAtEnd, undelivered },
      planned: (perSecond * ranMs) / 1_000,
      incidents: { due: incidents.filter(({ atMs }) => atMs < ranMs).length, happened: events.length, failures },
      redelivered: journal.redelivered,
      crashes: product.crashes(),
    };
    const always = alwaysChecks(measured);
    const flatness = flatnessChecks(measured);
    const run = { ...here, minutes: endedMs / 60_000, perSecond, seed, startedAt: new Date(startedAt).toISOString().slice(0, 10) };
    const report = soakReport({ run, measured, events, posts: journal.posts, always, flatness });
    console.log(`\n${report}\n`);
    if (options.writeDocs) {
      const results = new URL('results/', import.meta.url);
      await mkdir(results, { recursive: true });
      await writeFile(new URL('soak.json', results), soakResults({ run, measured, events, checks: [...always, ...(flatness ?? [])] }));
      await writeFile(new URL('soak.svg', results), soakChart({ run, measured, events }));
      await writeDocs('docs/soak.md', 'soak', report);
    }
    const drifted = [...always, ...(flatness ?? [])].filter(({ ok }) => !ok);
    for (const { what, found, bound } of drifted) console.error(`FAILED: ${what}: ${found} (${bound})`);
    process.exitCode = drifted.length > 0 ? 1 : 0;
  },
  { onInterrupt: () => interrupted.abort() },
);
