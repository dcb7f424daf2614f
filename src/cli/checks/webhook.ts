import { z } from 'zod';
import type { Config } from '../../config/config.js';
import type { ConfiguredGateway } from '../../config/gateways.js';
import { gatewaysWithRoute } from '../../config/routes.js';
import { ConfigError } from '../../process/errors.js';
import { localUrl, webhookUrl } from '../../config/webhook-url.js';
import { fail, type Finding, get, ok, reasonOf, together, warn } from './check.js';

const problem = z.object({ detail: z.string() });

/** Checks that a gateway has a webhook, that the api responds to the probe of each, and that it accepts posts now. */
export async function checkWebhooks(config: Config): Promise<Finding> {
  const withSecret = routesOf(config);
  const routes = 'missing' in withSecret ? routesOf(config, { mayBeTrial: true }) : withSecret;
  if ('missing' in routes)
    return warn(
      `With these settings no api starts: ${routes.missing}`,
      'on a machine of an api, set it here and in the settings of the gateway; a worker needs none',
    );
  const start =
    'missing' in withSecret
      ? 'start Answerback with "npm start", since the api alone needs a secret of the webhook'
      : 'start Answerback';
  return together(
    await Promise.all(routes.map(({ gateway }) => checkWebhook(config, webhookUrl(config, gateway), start))),
  );
}

function routesOf(
  config: Config,
  options?: { mayBeTrial: boolean },
): readonly ConfiguredGateway[] | { missing: string } {
  try {
    return gatewaysWithRoute(config, options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { missing: error.problems.join('; ') };
  }
}

async function checkWebhook(config: Config, url: string, start: string): Promise<Finding> {
  try {
    const [probed, ready] = await Promise.all([get(url), get(`${localUrl(config)}/readyz`)]);
    if (probed.status !== 200)
      return fail(
        `${url} returned status ${probed.status}`,
        'another program may use this port: set PORT to a free port',
      );
    if (ready.status === 503 && ready.body.includes('/problems/draining'))
      return warn(
        `${url} responds, but the api is being drained`,
        'stop the api when its inbox is empty, or run "answerback drain --undo"',
      );
    if (ready.status !== 200)
      return fail(
        `${url} responds, but accepts no posts now: ` +
          (detailOf(ready.body) ?? `/readyz returned status ${ready.status}`),
        'check the log of the api and the disk of DATA_DIR',
      );
    return ok(`${url} responds and accepts posts`);
  } catch (error) {
    return warn(`Nothing responds at ${url} (${reasonOf(error)})`, `${start}, or set HOST and PORT to its address`);
  }
}

function detailOf(body: string): string | undefined {
  try {
    return problem.parse(JSON.parse(body)).detail;
  } catch {
    return undefined;
  }
}
