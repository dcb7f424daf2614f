import { AdminError, type ConnectPlan, type ConnectStep, type Note } from '../admin.js';
import { compareAddress, isUnder, shownAddress } from '../hook-address.js';
import { type Hook, listHooks, registerHook, type SmsGateAccount } from './account.js';
import { route } from './name.js';

const neededEvents = ['sms:received', 'sms:sent', 'sms:delivered', 'sms:failed'] as const;

/** Registered beside the others, where the server knows them: the cloud refuses `sms:cancelled`. */
const usefulEvents = ['sms:cancelled', 'system:ping'] as const;

/** The most that a server stores of an address. */
const maxAddress = 256;

/** Plans a webhook for each event, with an id of its own, so that a second one replaces it. */
export async function planHooks(account: SmsGateAccount, publicUrl: string): Promise<ConnectPlan> {
  const address = `${publicUrl}${route}`;
  if (address.length > maxAddress)
    throw new AdminError(`The address of the webhook has over ${maxAddress} characters`, 'shorten PUBLIC_URL');
  const hooks = await listHooks(account);
  const stepOf = (event: string, isNeeded: boolean): ConnectStep => ({
    what: event,
    address,
    ...stateOf(event, hooks, { publicUrl, address }),
    async apply() {
      const refused = (await registerHook(account, { id: idOf(event), url: address, event })) === 'refused';
      if (refused && isNeeded)
        throw new AdminError(`SMSGate refuses the webhook for ${event} (400)`, 'check PUBLIC_URL: it must be https');
      return refused ? 'unsupported' : 'registered';
    },
  });
  const needed = neededEvents.map((event) => stepOf(event, true));
  const useful = usefulEvents.map((event) => stepOf(event, false));
  // Alone they are no reason to register: a server that doesn't know one would never be done.
  const steps = needed.every(({ state }) => state === 'done') ? needed : [...needed, ...useful];
  return { steps, notes: notesOn(hooks, publicUrl) };
}

const idOf = (event: string) => `answerback-${event.replace(/^.*:/, '')}`;

function stateOf(
  event: string,
  hooks: readonly Hook[],
  addresses: { publicUrl: string; address: string },
): Pick<ConnectStep, 'state' | 'now'> {
  const states = hooks
    .filter((hook) => hook.event === event && !hook.deviceId)
    .map((hook) => ({ hook, ...compareAddress(hook.url, addresses) }));
  if (states.some(({ state }) => state === 'done')) return { state: 'done' };
  const own = hooks.find(({ id }) => id === idOf(event));
  if (own?.event !== undefined && own.event !== event) return { state: 'foreign', now: `${own.event} of this id` };
  return own ? notDone(own, addresses) : { state: 'missing' };
}

/** Another address, or the same one for one phone only. */
function notDone(own: Hook, addresses: { publicUrl: string; address: string }): Pick<ConnectStep, 'state' | 'now'> {
  const compared = compareAddress(own.url, addresses);
  return compared.state === 'done' ? { state: 'different', now: 'for one phone only' } : compared;
}

function notesOn(hooks: readonly Hook[], publicUrl: string): Note[] {
  const others = hooks.filter(
    ({ id, event, url }) => event === 'sms:received' && id !== idOf(event) && !isUnder(url, publicUrl),
  );
  const addresses = [...new Set(others.map(({ url }) => shownAddress(url)))];
  return [
    ...(publicUrl.startsWith('https:')
      ? []
      : [
          {
            found: 'The SMSGate app posts to plain http only at 127.0.0.1',
            todo: 'set PUBLIC_URL to an https address',
          },
        ]),
    ...addresses.map((one) => ({
      found: `Received texts go to ${one} too`,
      todo: 'check that it does not answer them',
    })),
  ];
}
