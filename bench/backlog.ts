import { mkdir } from 'node:fs/promises';
import { startTemporal } from '../test/kit/temporal.js';
import { compareAcknowledgement } from './backlog/acknowledgement.js';
import { measureDrain } from './backlog/drain.js';
import { fillBacklog } from './backlog/fill.js';
import { backlogReport } from './backlog/report.js';
import { startUntilReady } from './backlog/restart.js';
import { startClient } from './client/client.js';
import { benchOptions } from './options.js';
import { writeDocs, writeResult } from './report/docs.js';
import { machine } from './report/machine.js';
import { withScope } from './scope.js';
import { nowhere } from './servers/answerback.js';

/**
 * `npm run bench:backlog`: an inbox in which very many messages wait. Options: `--messages`, `--minutes` for the drain,
 * `--write-docs`.
 */
const options = benchOptions({ messages: 1_500_000, minutes: 3 });
const restartsMeasured = 2;

await withScope(async (scope) => {
  const here = await machine();
  const client = startClient();
  scope.onEnd(() => client.close());
  const folder = `${scope.folder}/backlog`;

  console.log(`Posting ${options.messages.toLocaleString('en')} messages …`);
  const { messagesPerSecond: postedPerSecond, ...filled } = await fillBacklog(client, folder, options.messages);

  console.log('Starting again …');
  const restarts: number[] = [];
  for (let times = 0; times < restartsMeasured; times++) {
    const { program, readySeconds } = await startUntilReady(folder, nowhere);
    restarts.push(readySeconds);
    await program.stop('SIGKILL');
  }

  console.log('Acknowledgements …');
  const backlog = await startUntilReady(folder, nowhere);
  const empty = await startUntilReady(`${scope.folder}/empty`, nowhere);
  const acknowledgement = await compareAcknowledgement(client, { backlog: backlog.port, empty: empty.port });
  for (const { program } of [backlog, empty]) await program.stop('SIGKILL');

  const temporalFolder = `${scope.folder}/temporal`;
  await mkdir(temporalFolder);
  console.log(`Forwarding for ${options.minutes} min …`);
  const temporal = await startTemporal(temporalFolder);
  scope.onEnd(() => temporal.stop());
  const drained = await measureDrain(folder, temporal.address, options.minutes * 60);

  const measured = { ...filled, postedPerSecond, restarts, acknowledgement, drained };
  const report = backlogReport(here, measured);
  console.log(`\n${report}`);
  if (options.writeDocs) {
    await writeResult('backlog.json', { run: here, ...measured });
    await writeDocs('docs/performance.md', 'bench:backlog', report);
  }
});
