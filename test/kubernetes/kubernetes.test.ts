import { namedImage } from './manifest.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { numberedPost } from '../faults/ledger.js';
import { eventually } from '../kit/eventually.js';
import { evict } from './evict.js';
import { images } from './images.js';
import { webhookAt, workload } from './installation.js';
import { type Load, postOnce } from './load.js';
import { containerOf, isReady, isReplaced, podsOf, readyAddresses } from './pods.js';
import { expectRestricted } from './restricted.js';
import { type Scene, startScene } from './scene.js';
import { underLoad } from './under-load.js';

/**
 * Runs deploy/kubernetes.yaml on Kubernetes itself, with this machine as the only node, under load. The file is applied
 * as it is written, but for settings. The volumes are disks of their own, and Temporal runs on Postgres beside the node.
 */
let scene: Scene;

beforeAll(async () => {
  scene = await startScene();
}, 600_000);

afterAll(async () => {
  await scene?.stop();
}, 180_000);

const kubectl = (...args: readonly string[]) => scene.installation.kubectl(...args);
const pods = (part: 'api' | 'worker') => podsOf(scene.node.kubectl, part);

/** What an orderly change promises. */
const allKept = { failedPosts: [], unavailable: 0, lost: [], twice: [], uncertainByStop: [] };

/** Every pod that was told to stop did so by itself, in time, and the api after its preStop of 5 s. */
function expectOrderlyStops(count: number): void {
  const stopped = scene.ended.all().filter(({ toldAt }) => !Number.isNaN(toldAt));
  for (const { pod, exitCode, tookMs } of stopped) console.log(`  ${pod} ended with ${exitCode} after ${tookMs} ms`);
  expect(stopped.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: count }, () => 0));
  for (const { pod, tookMs } of stopped) if (pod.includes('-api-')) expect(tookMs, pod).toBeGreaterThanOrEqual(5_000);
}

it('answers what is posted to the Service', async () => {
  expect(await underLoad(scene, 'nothing is disturbed', async () => {})).toMatchObject(allKept);
});

it('runs without root, without capabilities, and without a file system to write to', async () => {
  for (const { metadata } of [...(await pods('api')), ...(await pods('worker'))]) {
    await expectRestricted(scene.installation, metadata.name);
  }
  const asRoot = ['run', 'as-root', `--image=${namedImage}`, '--restart=Never'];
  await expect(kubectl(...asRoot)).rejects.toThrow('violates PodSecurity "restricted');
});

it('passes the checks of doctor in both parts', async () => {
  for (const pod of ['answerback-api-0', workload.worker]) {
    const printed = await scene.installation.inside(pod, 'node', 'dist/cli/main.js', 'doctor');
    // It would be unable to change the mode of a volume.
    expect(printed, pod).not.toContain('chmod');
  }
});

it('an api that is drained gets no posts, until that is undone', async () => {
  const [drained] = await pods('api');
  const drain = (...args: string[]) =>
    scene.installation.inside(drained?.metadata.name ?? '', 'node', 'dist/cli/main.js', 'drain', ...args);
  const isServed = async () => (await readyAddresses(scene.node.kubectl)).includes(drained?.status.podIP ?? '');
  expect(await isServed()).toBe(true);
  await drain('--quiet', '1s');
  await eventually(async () => !(await isServed()), { withinMs: 30_000 });
  await drain('--undo');
  await eventually(isServed, { withinMs: 30_000 });
});

it('rolls both workloads to another image', async () => {
  await scene.node.containerd.tagImage(images.next, 'answerback:next');
  const account = await underLoad(scene, 'both are rolled to another image', async () => {
    await scene.installation.apply({ worker: 'answerback:next' });
    await scene.installation.apply({ worker: 'answerback:next', api: 'answerback:next' });
  });
  expect(account).toMatchObject(allKept);
  expectOrderlyStops(4);
});

it('evicts each api, one at a time as its disruption budget allows', async () => {
  const account = await underLoad(scene, 'both apis are evicted', async () => {
    expect(await evict(scene.node.kubectl, 'answerback-api-0')).toBe('evicted');
    expect(await evict(scene.node.kubectl, 'answerback-api-1')).toBe('not now');
    await scene.installation.rolledOut('api');
    expect(await eventually(async () => (await evict(scene.node.kubectl, 'answerback-api-1')) === 'evicted')).toBe(
      true,
    );
    await scene.installation.rolledOut('api');
  });
  expect(account).toMatchObject(allKept);
  expectOrderlyStops(2);
});

it('scales the workers up and down', async () => {
  const account = await underLoad(scene, 'workers are scaled to 3, 1 and 2', async () => {
    for (const replicas of [3, 1, 2]) {
      await kubectl('scale', workload.worker, `--replicas=${replicas}`);
      await scene.installation.rolledOut('worker');
    }
  });
  expect(account).toMatchObject(allKept);
  expectOrderlyStops(2);
});

it('loses nothing when a third api is drained and removed with its volume', async () => {
  const account = await underLoad(scene, 'a third api is drained and removed', async (load) => {
    await kubectl('scale', workload.api, '--replicas=3');
    await scene.installation.rolledOut('api');
    const before = load.posted.acknowledged.size;
    await eventually(() => load.posted.acknowledged.size > before + 30, { withinMs: 60_000 });
    await scene.installation.inside('answerback-api-2', 'node', 'dist/cli/main.js', 'drain');
    await kubectl('scale', workload.api, '--replicas=2');
    await kubectl('wait', '--for=delete', 'pod/answerback-api-2', '--timeout=60s');
    await kubectl('delete', 'persistentvolumeclaim', 'data-answerback-api-2');
  });
  expect(account).toMatchObject(allKept);
  expectOrderlyStops(1);
});

it('takes posts while Temporal is away for a minute', async () => {
  const awayForMs = 60_000;
  const away = async ({ posted }: Load) => {
    const before = posted.acknowledged.size;
    scene.temporal.cut();
    await sleep(awayForMs);
    const meanwhile = posted.acknowledged.size - before;
    scene.temporal.goOn();
    expect(meanwhile).toBeGreaterThan(100);
  };
  const account = await underLoad(scene, 'Temporal is away for a minute', away, { maxBehind: 1_000 });
  // A send that was under way can't be reported.
  expect(account).toMatchObject({ failedPosts: [], unavailable: 0, lost: [], twice: [] });
});

it('kills each pod: what an api had accepted is answered', async () => {
  const account = await underLoad(scene, 'each pod is killed', async () => {
    for (const part of ['api', 'worker'] as const)
      for (const pod of await pods(part)) {
        await scene.node.containerd.signal(containerOf(pod), 'SIGKILL');
        await eventually(() => isReplaced(scene.node.kubectl, part, pod), { withinMs: 120_000 });
      }
  });
  // What was on its way to an api when that died comes again. A send that was under way may have gone out.
  expect(account).toMatchObject({ unavailable: 0, lost: [], twice: [] });
});

it('refuses posts with 503 while a volume is full, and takes them again when it has space', async () => {
  const [filled] = await pods('api');
  const name = filled?.metadata.name ?? '';
  const isReadyNow = async () => isReady((await pods('api')).find(({ metadata }) => metadata.name === name)!);
  // Past the Service. The inbox may have room in its own file for some posts.
  const webhook = webhookAt(filled?.status.podIP ?? '');
  let index = scene.nextIndex();
  const postIsRefused = async () => (await postOnce(webhook, numberedPost(index++))) === 503;
  const account = await underLoad(scene, 'a volume is full', async () => {
    await scene.installation.inside(name, 'sh', '-c', 'cat /dev/zero >/data/filler || true');
    try {
      await eventually(async () => !(await isReadyNow()), { withinMs: 60_000 });
      await eventually(postIsRefused, { withinMs: 60_000 });
    } finally {
      await scene.installation.inside(name, 'rm', '/data/filler');
    }
    await eventually(isReadyNow, { withinMs: 60_000 });
  });
  expect(account).toMatchObject({ failedPosts: [], lost: [], twice: [], uncertainByStop: [] });
});

it('restarts an api and a worker that hang', async () => {
  const hanging = [(await pods('api'))[0], (await pods('worker'))[0]] as const;
  const account = await underLoad(scene, 'an api and a worker hang', async () => {
    for (const pod of hanging) await scene.node.containerd.signal(containerOf(pod!), 'SIGSTOP');
    await eventually(() => isReplaced(scene.node.kubectl, 'api', hanging[0]!), { withinMs: 180_000 });
    await eventually(() => isReplaced(scene.node.kubectl, 'worker', hanging[1]!), { withinMs: 60_000 });
  });
  expect(account).toMatchObject({ unavailable: 0, lost: [], twice: [] });
});
