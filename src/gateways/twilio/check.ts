import type { AdminFinding } from '../admin.js';
import { hooksUnknown } from '../hooks-finding.js';
import { listNumbers, type TwilioAccount } from './account.js';
import { stepOf } from './connect.js';
import { name } from './name.js';

/** Checks the credentials, and of how many numbers the texts come here. */
export async function checkAccount(account: TwilioAccount, publicUrl: string | undefined): Promise<AdminFinding[]> {
  const numbers = await listNumbers(account);
  const accepted: AdminFinding = { status: 'ok', found: 'Twilio accepts TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN' };
  if (!publicUrl) return [accepted, hooksUnknown(name)];
  const here = numbers.filter((number) => stepOf(account, number, publicUrl).state === 'done');
  const found = `texts to ${here.length} of the account's ${numbers.length} number(s) come to ${publicUrl}`;
  const todo = 'run "answerback connect twilio"; a number in a Messaging Service may have the address there';
  return [accepted, here.length > 0 ? { status: 'ok', found } : { status: 'warn', found, todo }];
}
