import { z } from 'zod';
import { type CheckContext, fail, type Finding, ok, reasonOf, skipped, warn } from './check.js';

/** Whether the gateway is there; only a send would tell whether it takes the key, and no SMS is sent here. */
export async function checkGateway({ config: { gateway, autoReply }, answers }: CheckContext): Promise<Finding> {
  if (!answers.gateway) return ok('Simulated: no key is needed (SMS_MOBILE_API_KEY is not set)');
  try {
    const { status } = await answers.gateway();
    if (status >= 500) return warn(`${gateway.url} answered ${status}`, 'look whether it is down: replies wait, and those that surely did not go out are tried again');
    const found = `SMS_MOBILE_API_KEY is set, and ${gateway.url} answers (${status}); only a send tells whether it takes the key`;
    return autoReply.enabled ? ok(found) : warn(`${found}. Replies are off`, 'set SMS_AUTO_REPLY_ENABLED=true when they shall go out');
  } catch (error) {
    return fail(`${gateway.url} does not answer (${reasonOf(error)})`, 'set SMS_MOBILE_API_URL right, or look at the way there: DNS, firewall, proxy');
  }
}

const models = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Whether OpenAI takes the key and has the model, by its list of models. */
export async function checkOpenAi({ config: { openai }, answers }: CheckContext): Promise<Finding> {
  if (!openai || !answers.openai) return ok('Rules classify (OPENAI_API_KEY is not set)');
  try {
    const { url, status, body } = await answers.openai();
    if (status === 401 || status === 403) return fail(`${url} refuses the key (${status})`, 'set OPENAI_API_KEY to a key that is valid there; until then the rules classify');
    if (status !== 200) return warn(`${url} answered ${status}, so nobody knows whether it takes the key`, 'try again later, or look at OPENAI_BASE_URL; until then the rules classify');
    const list = models.safeParse(asJson(body));
    if (list.success && !list.data.data.some(({ id }) => id === openai.model)) return fail(`${url} does not list the model ${openai.model}`, 'set OPENAI_MODEL to one of those it lists');
    return ok(`${url} takes the key${list.success ? ` and has ${openai.model}` : ''}`);
  } catch (error) {
    return fail(`OpenAI does not answer (${reasonOf(error)})`, 'set OPENAI_BASE_URL right, or look at the way there; until then the rules classify');
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const warnSeconds = 10;
/** Signed deliveries are refused past that. */
const failSeconds = 300;

/** This machine's clock beside that of whoever answers over HTTP. */
export async function checkClock({ answers }: CheckContext): Promise<Finding> {
  const asked = await Promise.all([answers.gateway, answers.openai].map(async (ask) => ask?.().catch(() => undefined)));
  const dated = asked.find((answer) => answer?.date && !Number.isNaN(Date.parse(answer.date)));
  if (!dated?.date) return skipped('Nobody outside this machine told the time: neither the gateway nor OpenAI, where one is set');
  // A Date header has whole seconds.
  const seconds = Math.max(0, Math.abs(dated.atMs - Date.parse(dated.date)) / 1_000 - 1);
  const found = `This clock and that of ${new URL(dated.url).host} differ by ${Math.round(seconds)} s`;
  if (seconds > failSeconds) return fail(found, 'set the clock by NTP (timedatectl set-ntp true): signed deliveries are refused, and ages of texts are wrong');
  if (seconds > warnSeconds) return warn(found, 'set the clock by NTP (timedatectl set-ntp true)');
  return ok(found);
}
