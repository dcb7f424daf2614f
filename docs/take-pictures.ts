import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { eventually } from '../test/kit/eventually.js';
import { aPost } from '../test/helpers/messages.js';
import { dataFolder } from '../test/kit/data-folder.js';
import { freePorts } from '../test/kit/ports.js';
import { postJson, startProduct } from '../test/kit/product.js';

/** `npm run docs:pictures`: takes the pictures of docs/failed-replies.md from a real run. Needs `chromium` on the PATH. */
const images = fileURLToPath(new URL('images/', import.meta.url));
const gatewayStatuses = [400, 400, 502, 400, 400, 400];

const data = await dataFolder();
const ports = await freePorts();
try {
  const product = await startProduct({ ...ports, DATA_DIR: data.path, SMS_AUTO_REPLY_ENABLED: 'true' });
  try {
    await parkReplies(product.webhook, product.gatewayUrl);
    await takePictures(`http://localhost:${ports.TEMPORAL_UI_PORT}/namespaces/default/workflows`);
  } finally {
    await product.stop();
  }
} finally {
  await data.remove();
}

/** One text for each status of the gateway, in that order. */
async function parkReplies(webhook: string, gatewayUrl: string): Promise<void> {
  await postJson(
    `${gatewayUrl}/script`,
    gatewayStatuses.map((status) => ({ status })),
  );
  for (const index of gatewayStatuses.keys()) {
    await postJson(webhook, aPost({ guid: guidOf(index), number: `+1555000123${index}` }));
    await withClient((client) =>
      eventually(
        async () => (await client.workflow.count('ReplyState IN ("failed", "uncertain")')).count === index + 1,
      ),
    );
  }
}

async function takePictures(workflowsUrl: string): Promise<void> {
  const guid = guidOf(0);
  const { runId } = await withClient((client) => client.workflow.getHandle(guid).describe());
  const profile = await mkdtemp(path.join(tmpdir(), 'answerback-chromium-'));
  const browser = await startBrowser(profile);
  try {
    await takePicture(
      browser,
      'parked-list.png',
      `${workflowsUrl}?query=${encodeURIComponent('ReplyState="failed"')}`,
      guid,
    );
    await takePicture(browser, 'parked-run.png', `${workflowsUrl}/${guid}/${runId}/history`, 'sendReply');
  } finally {
    await browser.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Waits until the page shows `words`: the page of a run that is open never stops loading. */
async function takePicture(browser: Browser, name: string, url: string, words: string): Promise<void> {
  const { targetId } = await browser.ask('Target.createTarget', { url });
  const { sessionId } = await browser.ask('Target.attachToTarget', { targetId, flatten: true });
  const ask = (method: string, params: object) => browser.ask(method, params, sessionId as string);
  await ask('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });
  const isShown = `document.body.innerText.includes(${JSON.stringify(words)})`;
  await eventually(
    async () => ((await ask('Runtime.evaluate', { expression: isShown })).result as { value?: boolean }).value,
    { withinMs: 60_000 },
  );
  const { data: png } = await ask('Page.captureScreenshot', { format: 'png' });
  await mkdir(images, { recursive: true });
  await writeFile(path.join(images, name), Buffer.from(png as string, 'base64'));
  console.log(`docs/images/${name}`);
}

type DevToolsResult = Record<string, unknown>;

interface Browser {
  /** https://chromedevtools.github.io/devtools-protocol/ */
  ask(method: string, params: object, sessionId?: string): Promise<DevToolsResult>;
  close(): Promise<void>;
}

/** Chromium, spoken to through its file descriptors 3 and 4: JSON that ends with a zero byte. */
async function startBrowser(profile: string): Promise<Browser> {
  const child = spawn(
    'chromium',
    ['--headless=new', '--no-sandbox', '--hide-scrollbars', `--user-data-dir=${profile}`, '--remote-debugging-pipe'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const [requests, responses] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { resolve: (result: DevToolsResult) => void; reject: (error: Error) => void }>();
  let rest = '';
  let id = 0;
  responses.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const {
        id: of,
        result,
        error,
      } = JSON.parse(part) as { id?: number; result?: DevToolsResult; error?: DevToolsResult };
      if (of === undefined) continue;
      if (result) waiting.get(of)?.resolve(result);
      else waiting.get(of)?.reject(new Error(`chromium refused: ${JSON.stringify(error)}`));
      waiting.delete(of);
    }
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('chromium ended'));
  });
  return {
    ask(method, params, sessionId) {
      id += 1;
      requests.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    async close() {
      child.kill();
      await ended;
    },
  };
}

async function withClient<Result>(use: (client: Client) => Promise<Result>): Promise<Result> {
  const connection = await Connection.connect({ address: `127.0.0.1:${ports.TEMPORAL_PORT}` });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function guidOf(index: number): string {
  return `shift-reply-${String(index + 1).padStart(3, '0')}`;
}
