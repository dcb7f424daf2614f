import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from '@temporalio/client';
import { docker } from '../compose/docker.js';
import { createStack, type Stack } from '../compose/stack.js';
import { webhookPath } from '../helpers/api.js';
import { services } from '../helpers/compose-file.js';
import { eventually } from '../kit/eventually.js';
import { webhookSecret } from '../kit/secret.js';
import { connectTo } from '../kit/temporal.js';
import { answersByNumber } from './gateway-by-number.js';
import { type Installation, slowSends, smsPerMinute } from './installation.js';
import { postOnce } from './post-once.js';
import type { Release } from './release.js';
import { createStops } from '../kit/stops.js';

const withinMs = 180_000;

/** docker-compose.yml with a release. A change puts the other release's source in its place and builds its image. */
export async function startOnCompose(first: Release): Promise<Installation> {
  const stops = createStops();
  const numbers = answersByNumber();
  const settings = {
    PAYLOAD_KEYS: '',
    SMS_PER_MINUTE: smsPerMinute,
    DOUBLE_WINDOW: '0',
    REPLIES_PER_SENDER: 'none',
    LOG_LEVEL: 'info',
  };
  const stack = await createStack({ dialect: numbers.dialect, settings });
  stops.add(() => stack.remove());
  stack.gateway.script(slowSends);

  async function up(release: Release, ...names: Array<'api' | 'worker'>): Promise<void> {
    await rm(path.join(stack.folder, 'src'), { recursive: true });
    await cp(path.join(release.folder, 'src'), path.join(stack.folder, 'src'), { recursive: true });
    await stack.compose('up', '--detach', '--build', ...names);
    for (const name of ['api', 'worker'] as const)
      await eventually(async () => (await stack.state(name)).Health?.Status === 'healthy', { withinMs });
  }

  try {
    await up(first);
    const connection = await connectTo('127.0.0.1:7233');
    stops.add(() => connection.close());
    return {
      surroundings: { ...numbers, gateway: stack.gateway },
      client: new Client({ connection }),
      dataDirs: [await dataFolderOf(stack)],
      post: (body) => postOnce(`http://127.0.0.1:${stack.port}${webhookPath}/${webhookSecret}`, body),
      async change(to, direction, fillInbox) {
        const image = await docker('inspect', '--format', '{{.Image}}', await stack.container('api'));
        if (direction === 'up') await up(to, 'worker');
        await fillWithoutTemporal(stack, image, fillInbox);
        await up(to, 'api');
        if (direction === 'down') await up(to, 'worker');
      },
      answerback: (...args) => stack.answerback('worker', ...args),
      stop: stops.run,
    };
  } catch (error) {
    await stops.run();
    throw error;
  }
}

/** Stops the api, and runs one of the same image without Temporal for a moment, so that texts wait in the inbox. */
async function fillWithoutTemporal(stack: Stack, image: string, fillInbox: () => Promise<unknown>): Promise<void> {
  await stack.compose('stop', 'api');
  await docker('tag', image, services['api']?.image ?? '');
  const apart = ['run', '--detach', '--rm', '--no-deps', '--service-ports', '--env', 'TEMPORAL_ADDRESS=127.0.0.1:1'];
  const container = await stack.compose(...apart, 'api');
  await fillInbox();
  await docker('stop', '--timeout', '20', container);
}

/** The folder on this machine of the volume that the api has as /data. */
async function dataFolderOf(stack: Stack): Promise<string> {
  const format = '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Source}}{{end}}{{end}}';
  return docker('inspect', '--format', format, await stack.container('api'));
}
