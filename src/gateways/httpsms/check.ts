import { type AdminFinding, AdminError, ChoiceError } from '../admin.js';
import { hooksFindings, hooksUnknown } from '../hooks-finding.js';
import { type HttpSmsAccount, lastHeartbeat, listPhones, type Phone } from './account.js';
import { planHook } from './connect.js';
import { name } from './name.js';

/** The app reports about every 15 minutes, and the server takes a phone for offline after about an hour. */
const silentHours = 2;

/** What the server takes 0 for. */
const defaultAttempts = 2;

/** Checks the key and the webhook, and looks for phones that are silent or send twice. */
export async function checkAccount(account: HttpSmsAccount, publicUrl: string | undefined): Promise<AdminFinding[]> {
  const phones = await listPhones(account);
  const ofPhones = await Promise.all(phones.map((phone) => checkPhone(account, phone)));
  return [
    { status: 'ok', found: 'httpSMS accepts HTTPSMS_API_KEY' },
    ...(publicUrl ? await checkHook(account, publicUrl) : [hooksUnknown(name)]),
    ...ofPhones.flat(),
  ];
}

async function checkHook(account: HttpSmsAccount, publicUrl: string): Promise<AdminFinding[]> {
  try {
    return hooksFindings(name, await planHook(account, publicUrl), publicUrl);
  } catch (error) {
    if (!(error instanceof ChoiceError)) throw error;
    return [{ status: 'warn', found: error.message }];
  }
}

async function checkPhone(
  account: HttpSmsAccount,
  { phone_number, max_send_attempts }: Phone,
): Promise<AdminFinding[]> {
  const attempts = max_send_attempts || defaultAttempts;
  const twice: AdminFinding = {
    status: 'warn',
    found: `httpSMS asks the phone of ${masked(phone_number)} to send a reply up to ${attempts} times`,
    todo: 'set the send attempts of the phone to 1: otherwise a person may get a reply twice',
  };
  return [...(attempts > 1 ? [twice] : []), ...(await checkHeartbeat(account, phone_number))];
}

async function checkHeartbeat(account: HttpSmsAccount, number: string): Promise<AdminFinding[]> {
  const atMs = await lastHeartbeat(account, number).catch((error: unknown) => {
    if (error instanceof AdminError) return Date.now();
    throw error;
  });
  if (atMs !== undefined && Date.now() - atMs < silentHours * 3_600_000) return [];
  const when = atMs === undefined ? 'never' : `${Math.floor((Date.now() - atMs) / 3_600_000)} h ago for the last time`;
  const todo = 'check that it is on and online, and that Android does not stop the app';
  return [{ status: 'warn', found: `httpSMS heard of the phone of ${masked(number)} ${when}`, todo }];
}

const masked = (number: string) => `…${number.slice(-4)}`;
