import { mkdir, readdir, readFile } from 'node:fs/promises';
import type { LoadClient } from '../client/client.js';
import type { Scope } from '../scope.js';
import { nowhere, startApi } from '../servers/answerback.js';
import type { Scenario } from './scenarios.js';
import { warmUps } from './measure.js';

/** Microseconds a message by step: a module or package, with the built-in functions that it calls. */
export interface Profile {
  scenario: string;
  main: Record<string, number>;
  /** The thread of the inbox. */
  inbox: Record<string, number>;
}

/** https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile; times in microseconds */
interface CpuProfile {
  nodes: Array<{ id: number; callFrame: { functionName: string; url: string }; children?: number[] }>;
  samples: number[];
  timeDeltas: number[];
  startTime: number;
}

/** Profiles an api under the load of a scenario. Profiling makes it slower: compare the steps, not the sums. */
export async function profileApi(scope: Scope, client: LoadClient, { name, load }: Scenario): Promise<Profile> {
  const folder = `${scope.folder}/profile ${name}`;
  const profiles = `${folder}/profiles`;
  await mkdir(profiles, { recursive: true });
  const command = [process.execPath, '--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const { port, program } = await startApi(folder, { temporalAddress: nowhere, command });
  scope.onEnd(() => program.stop('SIGKILL'));
  for (const warmUp of warmUps) await client.measure(port, warmUp);
  const from = microseconds();
  const { requests } = await client.measure(port, load);
  const until = microseconds();
  await program.stop();

  const messages = requests * load.messagesPerRequest;
  const steps: Profile = { scenario: name, main: {}, inbox: {} };
  for (const file of await readdir(profiles)) {
    // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile; the main thread is 0.
    const thread = file.split('.')[4] === '0' ? steps.main : steps.inbox;
    const profile = JSON.parse(await readFile(`${profiles}/${file}`, 'utf8')) as CpuProfile;
    for (const [step, us] of timeBySteps(profile, from, until)) thread[step] = (thread[step] ?? 0) + us / messages;
  }
  return steps;
}

/** The clock of the profiles. */
const microseconds = () => Number(process.hrtime.bigint() / 1_000n);

/** Sums the samples between two moments. */
function timeBySteps({ nodes, samples, timeDeltas, startTime }: CpuProfile, from: number, until: number) {
  const steps = stepsOfNodes(nodes);
  const times = new Map<string, number>();
  let at = startTime;
  samples.forEach((node, index) => {
    const us = timeDeltas[index] ?? 0;
    at += us;
    const step = steps.get(node);
    if (step !== undefined && at > from && at < until) times.set(step, (times.get(step) ?? 0) + us);
  });
  return times;
}

/** The step of each node but the idle one. A built-in function has no URL: it belongs to its caller. */
function stepsOfNodes(nodes: CpuProfile['nodes']): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const steps = new Map<number, string>();
  const visit = (id: number, ofCaller: string) => {
    const node = byId.get(id);
    if (!node || node.callFrame.functionName === '(idle)') return;
    const { functionName, url } = node.callFrame;
    const step = functionName === '(garbage collector)' ? 'garbage collection' : (stepOf(url) ?? ofCaller);
    steps.set(id, step);
    for (const child of node.children ?? []) visit(child, step);
  };
  visit(nodes[0]?.id ?? 0, 'Node');
  return steps;
}

function stepOf(url: string): string | undefined {
  if (url === '') return undefined;
  if (url.startsWith('node:')) return 'Node';
  const library = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  // The folder below src and the file: a gateway's folder inside it says nothing about the step.
  const ours = /dist\/([^/]+)\/(?:.+\/)?([^/]+)\.js$/.exec(url);
  return library ?? (ours ? `${ours[1]}/${ours[2]}` : url);
}
