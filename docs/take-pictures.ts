import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { Page } from 'playwright-core';
import { startBrowser } from '../test/kit/browser.js';
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
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const failed = encodeURIComponent('ReplyState="failed"');
    await takePicture(page, 'parked-list.png', `${workflowsUrl}?query=${failed}`, guid);
    await takePicture(page, 'parked-run.png', `${workflowsUrl}/${guid}/${runId}/history`, 'sendReply');
  } finally {
    await browser.close();
  }
}

/** Waits until the page shows `words`: the page of a run that is open never stops loading. */
async function takePicture(page: Page, name: string, url: string, words: string): Promise<void> {
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByText(words).first().waitFor({ timeout: 60_000 });
  await page.screenshot({ path: path.join(images, name) });
  console.log(`docs/images/${name}`);
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
