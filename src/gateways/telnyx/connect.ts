import { ChoiceError, type ConnectPlan, type ConnectStep, type Note } from '../admin.js';
import { compareAddress, isUnder, shownAddress } from '../hook-address.js';
import { listProfiles, numbersIn, type Profile, setWebhookUrl, type TelnyxAccount } from './account.js';
import { route } from './route.js';

/** Plans the webhook of one messaging profile: the only one, or that of the number. */
export async function planProfile(account: TelnyxAccount, publicUrl: string, number?: string): Promise<ConnectPlan> {
  const profile = await choose(account, number);
  return { steps: [stepOf(account, profile, publicUrl)], notes: notesOn(profile, publicUrl) };
}

/** The registration of a messaging profile. */
export function stepOf(account: TelnyxAccount, profile: Profile, publicUrl: string): ConnectStep {
  const address = `${publicUrl}${route}`;
  return {
    what: `messaging profile ${profile.name}`,
    address,
    ...stateOf(profile, { publicUrl, address }),
    async apply() {
      await setWebhookUrl(account, profile, address);
      return 'registered';
    },
  };
}

/** A failover address that isn't ours gets texts too. */
export function notesOn({ name, webhook_failover_url: failover }: Profile, publicUrl: string): Note[] {
  if (!failover || isUnder(failover, publicUrl)) return [];
  const found = `The messaging profile ${name} posts to ${shownAddress(failover)} when Answerback does not respond`;
  return [{ found, todo: 'check that it does not answer texts, or remove that failover address' }];
}

async function choose(account: TelnyxAccount, number: string | undefined): Promise<Profile> {
  const profiles = await listProfiles(account);
  if (number !== undefined) {
    for (const profile of profiles) if ((await numbersIn(account, profile)).includes(number)) return profile;
    throw new ChoiceError(`No messaging profile at Telnyx has the number ${number}: add it to one in the portal`);
  }
  const [first, ...others] = profiles;
  if (first === undefined)
    throw new ChoiceError('The Telnyx account has no messaging profile: make one in the portal, with the number in it');
  if (others.length > 0)
    throw new ChoiceError(
      'The Telnyx account has several messaging profiles: choose one with --number and a number in it: ' +
        profiles.map(({ name }) => name).join(', '),
    );
  return first;
}

function stateOf(
  { webhook_url, webhook_api_version }: Profile,
  addresses: { publicUrl: string; address: string },
): Pick<ConnectStep, 'state' | 'now'> {
  const compared = compareAddress(webhook_url, addresses);
  const isOld = (webhook_api_version ?? '2') !== '2';
  return compared.state === 'done' && isOld ? { state: 'different', now: 'webhooks of version 1' } : compared;
}
