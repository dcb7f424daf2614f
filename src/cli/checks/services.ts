import { z } from 'zod';
import type { Config } from '../../config/config.js';
import { AdminError } from '../../gateways/admin.js';
import {
  type CheckContext,
  type CheckedGateway,
  fail,
  type Finding,
  ok,
  reasonOf,
  skipped,
  together,
  warn,
} from './check.js';

/**
 * Checks the account at each gateway, or that it responds where the provider can't be asked about the account, and that
 * no worker on this machine only probes it. Sends no SMS.
 */
export async function checkGateways({ config, gateways, metrics }: CheckContext): Promise<Finding> {
  const exported = await metrics();
  return together(
    await Promise.all(
      gateways.map(async (gateway) => {
        const found = await checkGateway(gateway, config);
        const isProbed = exported.includes(`answerback_gateway_breaker_open{gateway="${gateway.name}"} 1`);
        return isProbed ? together([onlyProbed(gateway), found]) : found;
      }),
    ),
  );
}

function onlyProbed({ url }: CheckedGateway): Finding {
  return warn(
    `The worker only probes ${url}: the outcome of its last sends is unknown`,
    'check the gateway; the other replies wait, and go out when a probe is sent',
  );
}

async function checkGateway(
  { variableNames, url, response, check }: CheckedGateway,
  { autoReply }: Pick<Config, 'autoReply'>,
): Promise<Finding> {
  if (check) return checkAccount(check, autoReply);
  if (!response) return ok(`Simulated gateway, no key needed (${variableNames.key} is not set)`);
  try {
    const { status } = await response();
    if (status >= 500)
      return warn(
        `${url} returned status ${status}`,
        'check whether the gateway is down; meanwhile replies that were certainly not sent are retried',
      );
    const found =
      `${variableNames.key} is set and ${url} responds (${status}); ` +
      'only sending a reply shows whether the key is valid';
    return autoReply.enabled
      ? ok(found)
      : warn(`${found}. Replies are off`, 'to send replies, set SMS_AUTO_REPLY_ENABLED=true');
  } catch (error) {
    return fail(
      `${url} does not respond (${reasonOf(error)})`,
      `check ${variableNames.url}, DNS, the firewall and the proxy`,
    );
  }
}

/** Checks the account at a provider that can be asked about it. */
async function checkAccount(
  check: NonNullable<CheckedGateway['check']>,
  autoReply: Config['autoReply'],
): Promise<Finding> {
  try {
    const found = await check();
    return together(autoReply.enabled ? found : [...found, repliesAreOff]);
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    return fail(error.message, error.todo);
  }
}

const repliesAreOff = warn('Replies are off', 'to send replies, set SMS_AUTO_REPLY_ENABLED=true');

const models = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      /** The day when OpenAI shuts the model down, such as 2027-01-14. Other servers don't send it. */
      shutdown_date: z.iso.date().nullish().catch(undefined),
    }),
  ),
});

/** How long before the end of a model doctor warns. */
const shutdownWarnDays = 90;

/** Checks the key and the model with OpenAI's list of models. */
export async function checkOpenAi({ config: { openai }, openaiResponse }: CheckContext): Promise<Finding> {
  if (!openai || !openaiResponse) return ok('The rules classify (OPENAI_API_KEY is not set)');
  try {
    const { url, status, body } = await openaiResponse();
    if (status === 401 || status === 403)
      return fail(
        `${url} rejects the key (${status})`,
        'set OPENAI_API_KEY to a valid key; until then the rules classify',
      );
    if (status !== 200)
      return warn(
        `${url} returned status ${status}, so the key could not be checked`,
        'try again later, or check OPENAI_BASE_URL; until then the rules classify',
      );
    const list = models.safeParse(parseJsonOrUndefined(body));
    if (!list.success) return ok(`${url} accepts the key`);
    const listed = list.data.data.find(({ id }) => id === openai.model);
    if (!listed)
      return fail(`${url} does not list the model ${openai.model}`, 'set OPENAI_MODEL to a model of that list');
    return checkShutdown(`${url} accepts the key and has ${openai.model}`, listed.shutdown_date);
  } catch (error) {
    return fail(
      `OpenAI does not respond (${reasonOf(error)})`,
      'check OPENAI_BASE_URL, DNS, the firewall and the proxy; until then the rules classify',
    );
  }
}

function checkShutdown(found: string, shutdownDate: string | null | undefined): Finding {
  if (!shutdownDate) return ok(found);
  const daysLeft = Math.ceil((Date.parse(shutdownDate) - Date.now()) / 86_400_000);
  if (daysLeft > shutdownWarnDays) return ok(`${found} until ${shutdownDate}`);
  const end =
    daysLeft > 0 ? `shuts down on ${shutdownDate}, in ${daysLeft} day(s)` : `was to shut down on ${shutdownDate}`;
  return warn(
    `${found}, which OpenAI ${end}`,
    'choose another model, compare it with "answerback playbook --test", and set OPENAI_MODEL at every worker; ' +
      'without the model the rules classify',
  );
}

function parseJsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const warnSeconds = 10;
/** The webhook refuses signed posts beyond this difference. */
const failSeconds = 300;

/** Compares this machine's clock with the Date header of a gateway or OpenAI. */
export async function checkClock({ gateways, openaiResponse }: CheckContext): Promise<Finding> {
  const received = await Promise.all(
    [...gateways.map(({ response }) => response), openaiResponse].map(async (get) => get?.().catch(() => undefined)),
  );
  const dated = received.find((response) => response?.date && !Number.isNaN(Date.parse(response.date)));
  if (!dated?.date)
    return skipped(
      'No external clock to compare with: neither the gateway nor OpenAI sent the time, or they are not set',
    );
  // A Date header has only whole seconds.
  const seconds = Math.max(0, Math.abs(dated.atMs - Date.parse(dated.date)) / 1_000 - 1);
  const found = `The clocks of this machine and ${new URL(dated.url).host} differ by ${Math.round(seconds)} s`;
  if (seconds > failSeconds)
    return fail(
      found,
      'set the clock by NTP (timedatectl set-ntp true): until then signed posts are refused ' +
        'and the ages of messages are wrong',
    );
  if (seconds > warnSeconds) return warn(found, 'set the clock by NTP (timedatectl set-ntp true)');
  return ok(found);
}
