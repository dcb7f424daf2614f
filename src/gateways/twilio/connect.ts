import { ChoiceError, type ConnectPlan, type ConnectStep, type Note } from '../admin.js';
import { compareAddress } from '../hook-address.js';
import { type IncomingNumber, listNumbers, setSmsUrl, type TwilioAccount } from './account.js';
import { routePath } from './route-path.js';

/** What a new number has: a text of Twilio's that says that the number is not set up. */
const exampleHost = /^https:\/\/demo\.twilio\.com\//;

const ofService: Note = {
  found: 'In a Messaging Service, the address of the service comes before that of the number',
  todo: 'if the number is in one, set the address there too',
};

/** Plans the webhook of one number. */
export async function planNumber(account: TwilioAccount, publicUrl: string, number?: string): Promise<ConnectPlan> {
  const chosen = await choose(account, number);
  return { steps: [stepOf(account, chosen, publicUrl)], notes: [ofService] };
}

/** The registration of a number. */
export function stepOf(account: TwilioAccount, number: IncomingNumber, publicUrl: string): ConnectStep {
  const address = `${publicUrl}${routePath}`;
  return {
    what: `texts to ${number.phone_number}`,
    address,
    ...stateOf(number, { publicUrl, address }),
    async apply() {
      await setSmsUrl(account, number, address);
      return 'registered';
    },
  };
}

async function choose(account: TwilioAccount, number: string | undefined): Promise<IncomingNumber> {
  const numbers = await listNumbers(account, number);
  const [first, ...others] = number ? numbers.filter((one) => one.phone_number === number) : numbers;
  if (first === undefined)
    throw new ChoiceError(
      number
        ? `The Twilio account has no number ${number} that gets texts: give --number as Twilio writes it, with + first`
        : 'The Twilio account has no number that gets texts',
    );
  if (others.length > 0)
    throw new ChoiceError(
      'The Twilio account has several numbers: choose one with --number: ' +
        numbers.map(({ phone_number }) => phone_number).join(', '),
    );
  return first;
}

function stateOf(
  { sms_url, sms_method, sms_application_sid }: IncomingNumber,
  addresses: { publicUrl: string; address: string },
): Pick<ConnectStep, 'state' | 'now'> {
  if (sms_application_sid) return { state: 'foreign', now: 'a TwiML application' };
  const compared = compareAddress(exampleHost.test(sms_url ?? '') ? undefined : sms_url, addresses);
  const isPosted = (sms_method ?? 'POST') === 'POST';
  return compared.state === 'done' && !isPosted ? { state: 'different', now: 'with GET' } : compared;
}
