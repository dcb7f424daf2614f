import { isIP } from 'node:net';
import { z } from 'zod';
import { isPublicAddress } from '../../http/public-address.js';
import type { AdminFinding } from '../admin.js';
import { askApi } from '../ask-api.js';
import { apiOf, listHooks, type SmsGateAccount } from './account.js';
import { planHooks } from './connect.js';
import { hooksFindings, hooksUnknown } from '../hooks-finding.js';
import { name } from './name.js';

/** A phone that wasn't seen for so long may be dead. Sends are refused for such a phone too. */
const silentHours = 12;

/** Shorter keys can be guessed from one signed post: an app makes keys of 8 characters. */
const minKeyLength = 16;

const device = z.object({ name: z.string().catch('without a name'), lastSeen: z.iso.datetime({ offset: true }) });
const settings = z.object({ messages: z.object({ processing_order: z.string().nullish() }).nullish() });

/** Checks the credentials and the webhooks, and looks for phones that are silent and settings that are dangerous. */
export async function checkAccount(account: SmsGateAccount, publicUrl: string | undefined): Promise<AdminFinding[]> {
  // The list of webhooks shows whether the credentials work; the others may be missing in an app or a server.
  const hooks = publicUrl
    ? hooksFindings(name, await planHooks(account, publicUrl), publicUrl)
    : (await listHooks(account), [hooksUnknown(name)]);
  const [phones, order] = await Promise.all([checkPhones(account), checkOrder(account)]);
  return [
    { status: 'ok', found: 'SMSGate accepts SMSGATE_USER and SMSGATE_PASSWORD' },
    ...hooks,
    ...phones,
    ...order,
    ...checkKeys(account),
    ...checkTransport(account),
  ];
}

async function checkPhones(account: SmsGateAccount): Promise<AdminFinding[]> {
  const phones = await askApi(apiOf(account), '/devices', { schema: z.array(device) }).catch(() => []);
  return phones.flatMap(({ name: phone, lastSeen }) => {
    const hours = Math.floor((Date.now() - Date.parse(lastSeen)) / 3_600_000);
    return hours >= silentHours ? [silent(phone, hours)] : [];
  });
}

const silent = (phone: string, hours: number): AdminFinding => ({
  status: 'warn',
  found: `SMSGate saw the phone ${phone.slice(0, 60)} ${hours} h ago for the last time`,
  todo: 'check that it is on and online, and that Android does not stop the app; remove a phone that is gone',
});

async function checkOrder(account: SmsGateAccount): Promise<AdminFinding[]> {
  const read = await askApi(apiOf(account), '/settings', { schema: settings }).catch(() => undefined);
  const order = read?.messages?.processing_order;
  if (!order || order === 'FIFO') return [];
  const todo = 'set Settings, Messages, Processing order to FIFO';
  return [{ status: 'warn', found: 'SMSGate sends the newest reply first', todo }];
}

function checkKeys({ signingKeys }: SmsGateAccount): AdminFinding[] {
  if (signingKeys.every(({ length }) => length >= minKeyLength)) return [];
  const todo = 'set a longer one in the app, such as from "openssl rand -hex 24"';
  return [{ status: 'warn', found: `SMSGATE_SIGNING_KEY has a key of under ${minKeyLength} characters`, todo }];
}

function checkTransport({ url }: SmsGateAccount): AdminFinding[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isPrivate(hostname)) return [];
  const found = 'SMSGATE_URL is plain http outside a private network: the password and the replies can be read';
  return [{ status: 'warn', found, todo: 'use https' }];
}

/** A name in a domain counts as public: what it resolves to here says nothing about the way there. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) ? !isPublicAddress(host) : !host.includes('.') || /\.(local|lan|internal|home\.arpa)$/.test(host);
}
