import { expect, it } from 'vitest';
import { eventually } from '../kit/eventually.js';
import { scrape } from '../helpers/exposition.js';
import { freePort, freePorts } from '../kit/ports.js';
import { aPost } from '../helpers/messages.js';
import { dataFolder } from '../kit/data-folder.js';
import { postJson, startBuiltApi } from '../kit/product.js';
import { closeAtEnd, metricsPage, opened } from './opened.js';

closeAtEnd();

it('without Temporal the api reports that, and what waits, and invents no count of parked replies', async () => {
  const folder = await dataFolder();
  opened.push(folder.remove);
  const env = { ...(await freePorts()), DATA_DIR: folder.path, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
  const api = await startBuiltApi(env);
  opened.push(() => api.stop());
  const postedAtMs = Date.now();
  expect((await postJson(api.webhook, { messages: [aPost(), aPost()] })).status).toBe(200);
  const { value, samples } = await eventually(async () => {
    const scraped = await scrape(env.METRICS_PORT);
    return scraped.value('answerback_inbox_oldest_seconds') > 0.5 ? scraped : undefined;
  });
  expect(value('answerback_inbox_oldest_seconds')).toBeLessThan((Date.now() - postedAtMs) / 1_000 + 1);
  expect(value('answerback_inbox_depth')).toBe(2);
  expect(value('answerback_forward_lag_seconds_count')).toBe(0);
  expect(value('answerback_temporal_up')).toBe(0);
  expect(samples.filter(({ name }) => name === 'answerback_replies_parked')).toEqual([]);
});

it('without an inbox it has no metrics of one', async () => {
  const env = {
    ...(await freePorts()),
    DATA_DIR: '',
    ACK_AFTER: 'temporal',
    TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
  };
  const api = await startBuiltApi(env);
  opened.push(() => api.stop());
  const ofTheApi = /^\| `(answerback_\w+)` \|.*\| (api|api, worker) \|$/gm;
  const documented = [...metricsPage.matchAll(ofTheApi)].map(([, name]) => name);
  const { families } = await scrape(env.METRICS_PORT);
  expect(
    families
      .filter(({ name }) => name.startsWith('answerback_'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(documented.sort());
  expect(families.find(({ name }) => name === 'answerback_messages_received_total')?.help).toBe(
    'Messages in posts, duplicates included. Outcomes: accepted, rejected.',
  );
});
