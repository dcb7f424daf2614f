import { ChoiceError, type ConnectPlan, type Note } from '../admin.js';
import { isUnder, shownAddress } from '../hook-address.js';
import { type Hook, type HttpSmsAccount, listHooks, listPhones, writeHook } from './account.js';
import { route } from './name.js';

const neededEvents = [
  'message.phone.received',
  'message.phone.sent',
  'message.phone.delivered',
  'message.send.failed',
  'message.send.expired',
];

/** Registered with the others: they tell whether a phone is alive. */
const usefulEvents = ['phone.heartbeat.online', 'phone.heartbeat.offline'];

/**
 * Plans one webhook for the numbers of all phones, or for one number more. An account can have several webhooks, so no
 * foreign one is overwritten.
 */
export async function planHook(account: HttpSmsAccount, publicUrl: string, number?: string): Promise<ConnectPlan> {
  const address = `${publicUrl}${route}`;
  const [hooks, phones] = await Promise.all([listHooks(account), listPhones(account)]);
  const all = phones.map(({ phone_number }) => phone_number);
  if (all.length === 0)
    throw new ChoiceError('The httpSMS account has no phone: sign in to the app on the phone first');
  if (number !== undefined && !all.includes(number))
    throw new ChoiceError(`The httpSMS account has no phone with the number ${number}: ${all.join(', ')}`);
  const own = hooks.find(({ url }) => url === address) ?? hooks.find(({ url }) => isUnder(url, publicUrl));
  // The server refuses a number that is no longer in the account.
  const before = own?.phone_numbers.filter((one) => all.includes(one)) ?? [];
  const numbers = [...new Set([...before, ...(number === undefined ? all : [number])])];
  const differences = own ? differencesOf(own, { account, address, numbers }) : [];
  const apply = async () => {
    const events = [...new Set([...(own?.events ?? []), ...neededEvents, ...usefulEvents])];
    const signing_key = account.signingKeys[0] ?? '';
    await writeHook(account, { id: own?.id, url: address, signing_key, events, phone_numbers: numbers });
    return 'registered' as const;
  };
  const state = !own ? 'missing' : differences.length > 0 ? 'different' : 'done';
  const now = differences.length > 0 && { now: differences.join(', ') };
  const what = `events of ${numbers.length} number(s)`;
  return { steps: [{ what, address, state, ...now, apply }], notes: notesOn(hooks, publicUrl) };
}

/** What of a webhook of ours must be changed. A signing key is not shown. */
function differencesOf(
  { url, signing_key, events, phone_numbers }: Hook,
  { account, address, numbers }: { account: HttpSmsAccount; address: string; numbers: readonly string[] },
): string[] {
  return [
    ...(url === address ? [] : ['another path']),
    ...(account.signingKeys.includes(signing_key) ? [] : ['a key that is not in HTTPSMS_SIGNING_KEY']),
    ...(neededEvents.every((event) => events.includes(event)) ? [] : ['too few events']),
    ...(numbers.every((number) => phone_numbers.includes(number)) ? [] : ['too few numbers']),
  ];
}

function notesOn(hooks: readonly Hook[], publicUrl: string): Note[] {
  const others = hooks.filter(({ url, events }) => events.includes(neededEvents[0] ?? '') && !isUnder(url, publicUrl));
  return [...new Set(others.map(({ url }) => shownAddress(url)))].map((one) => ({
    found: `Received texts go to ${one} too`,
    todo: 'check that it does not answer them',
  }));
}
