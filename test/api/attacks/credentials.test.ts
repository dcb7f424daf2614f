import { describe } from 'vitest';
import { webhookPath } from '../../helpers/api.js';
import { anEvent } from '../../helpers/messages.js';
import { signedHeaders } from '../../helpers/signing.js';
import {
  areAnswered,
  body,
  type Bytes,
  chunk,
  encoded,
  json,
  mib,
  notJson,
  padded,
  post,
  proof,
  request,
  secret,
  secretBefore,
  squeezed,
  token,
  tooLarge,
  unauthenticated,
  useApi,
} from './attack.js';

useApi();

const event = JSON.stringify(anEvent());
const signed = (headers: Record<string, string | undefined>, sent: Bytes = event) =>
  post(sent, { headers: Object.entries(headers).map(([name, value]) => `${name}: ${value}`) });
const good = signedHeaders(event, secret);
const mark = String(good['X-SMSMobileAPI-Signature']);
const marked = (...marks: string[]) =>
  post(event, {
    headers: [
      `X-SMSMobileAPI-Timestamp: ${good['X-SMSMobileAPI-Timestamp']}`,
      ...marks.map((one) => `X-SMSMobileAPI-Signature: ${one}`),
    ],
  });
const next = { as: 'X-SMSMobileAPI-Signature-Next' };
const minutesAway = (minutes: number) => ({ atMs: Date.now() + minutes * 60_000 });
describe('a signature', () => {
  areAnswered([
    ['that is right', signed(good), '200'],
    ['of a rotated secret', signed(signedHeaders(event, secretBefore)), '200'],
    ['in Signature-Next alone', signed(signedHeaders(event, secret, next)), '200'],
    [
      'in Signature-Next, beside one of another secret',
      signed({ ...signedHeaders(event, 'of-tomorrow'), ...signedHeaders(event, secret, next) }),
      '200',
    ],
    [
      'beside one of another secret in Signature-Next',
      signed({ ...signedHeaders(event, 'of-tomorrow', next), ...good }),
      '200',
    ],
    [
      'in chunks of its body',
      request(
        `POST ${webhookPath} HTTP/1.1`,
        ['Host: x', 'Transfer-Encoding: chunked', ...Object.entries(good).map((pair) => pair.join(': '))],
        `${chunk(event.slice(0, 9))}${chunk(event.slice(9))}0\r\n\r\n`,
      ),
      '200',
    ],
    ['of four minutes ago', signed(signedHeaders(event, secret, minutesAway(-4))), '200'],
    ['that is missing', post(event, { headers: [] }), unauthenticated],
    ['that is missing beside its time', marked(), unauthenticated],
    ['that is empty', marked(''), unauthenticated],
    ['that is wrong', marked(`v1=${'0'.repeat(64)}`), unauthenticated],
    ['that lacks its last digit', marked(mark.slice(0, -1)), unauthenticated],
    ['that lacks its second half', marked(mark.slice(0, 35)), unauthenticated],
    ['that goes on', marked(`${mark}00`), unauthenticated],
    ['with one digit changed', marked(mark.slice(0, -1) + (mark.endsWith('0') ? '1' : '0')), unauthenticated],
    ['in hex of capitals', marked(`v1=${mark.slice(3).toUpperCase()}`), unauthenticated],
    ['of another scheme', marked(mark.replace('v1', 'v2')), unauthenticated],
    ['in base64', marked(`v1=${Buffer.from(mark.slice(3), 'hex').toString('base64')}`), unauthenticated],
    ['twice in headers of the same name', marked(mark, mark), unauthenticated],
    ['twice, one of them right', marked(`v1=${'0'.repeat(64)}`, mark), unauthenticated],
    ['of another secret', signed(signedHeaders(event, 'of-tomorrow')), unauthenticated],
    ['of another secret in Signature-Next', signed(signedHeaders(event, 'of-tomorrow', next)), unauthenticated],
    ['of the token', signed(signedHeaders(event, token)), unauthenticated],
    ['of no secret', signed(signedHeaders(event, '')), unauthenticated],
    ['of another body', signed(signedHeaders(`${event} `, secret)), unauthenticated],
    ['of a body with one byte flipped', signed(good, event.replace('Yes', 'yes')), unauthenticated],
    ['of a body written again', signed(good, JSON.stringify(JSON.parse(event), null, 1)), unauthenticated],
    ['of a body cut short', signed(good, event.slice(0, -1)), unauthenticated],
    ['of six minutes ago', signed(signedHeaders(event, secret, minutesAway(-6))), unauthenticated],
    ['of a year ago', signed(signedHeaders(event, secret, minutesAway(-525_600))), unauthenticated],
    ['in six minutes', signed(signedHeaders(event, secret, minutesAway(6))), unauthenticated],
    ['without its time', signed({ 'X-SMSMobileAPI-Signature': mark }), unauthenticated],
    [
      'of another time',
      signed({ ...good, 'X-SMSMobileAPI-Timestamp': String(Number(good['X-SMSMobileAPI-Timestamp']) - 1) }),
      unauthenticated,
    ],
    ['of a time that is none', signed({ ...good, 'X-SMSMobileAPI-Timestamp': 'NaN' }), unauthenticated],
    [
      'of a time in milliseconds',
      signed({ ...good, 'X-SMSMobileAPI-Timestamp': `${good['X-SMSMobileAPI-Timestamp']}000` }),
      unauthenticated,
    ],
    ['of two times', signed({ ...good, 'x-smsmobileapi-timestamp': '0' }), unauthenticated],
    ['that is wrong, of a bomb', signed({ ...good, 'Content-Encoding': 'gzip' }, squeezed.gzip), encoded],
    ['that is wrong, of a body too large', signed(good, padded(mib + 1)), tooLarge],
    ['that is wrong, of what is not JSON', signed(good, '{'), unauthenticated],
    ['that is right, of what is not JSON', signed(signedHeaders('{', secret), '{'), notJson],
  ]);
});

const wrongToken = `${token.slice(0, -1)}3`;
const offering = (headers: string[], path = webhookPath) => post(body, { headers, path });
describe('a token', () => {
  areAnswered([
    ['right in the header', offering([proof]), '200'],
    ['right in the query', offering([], `${webhookPath}?token=${token}`), '200'],
    ['right in the path', offering([], `${webhookPath}/${token}`), '200'],
    ['missing', offering([]), unauthenticated],
    ['wrong in the header', offering([`X-Webhook-Secret: ${wrongToken}`]), unauthenticated],
    ['wrong in the query', offering([], `${webhookPath}?token=${wrongToken}`), unauthenticated],
    ['wrong in the path', offering([], `${webhookPath}/${wrongToken}`), unauthenticated],
    [
      'wrong in all three',
      offering([`X-Webhook-Secret: ${wrongToken}`], `${webhookPath}/${wrongToken}?token=${wrongToken}`),
      unauthenticated,
    ],
    ['empty in all three', offering(['X-Webhook-Secret:'], `${webhookPath}/?token=`), unauthenticated],
    ['in capitals', offering([proof.replace(token, token.toUpperCase())]), unauthenticated],
    ['that is the beginning of it', offering([`X-Webhook-Secret: ${token.slice(0, -1)}`]), unauthenticated],
    ['that goes on', offering([`${proof}x`]), unauthenticated],
    ['twice in headers of the same name', offering([proof, proof]), unauthenticated],
    ['twice in the query', offering([], `${webhookPath}?token=${token}&token=${token}`), unauthenticated],
    ['as a list in the query', offering([], `${webhookPath}?token[]=${token}`), unauthenticated],
    [
      'in a cookie, a bearer and a password',
      offering([`Cookie: token=${token}`, `Authorization: Bearer ${token}`, `Proxy-Authorization: Basic ${token}`]),
      unauthenticated,
    ],
    ['in the body', post(json({ token, 'X-Webhook-Secret': token }), { headers: [] }), unauthenticated],
    ['that is a signing secret', offering([`X-Webhook-Secret: ${secret}`]), unauthenticated],
    ['with a NUL in the path', offering([], `${webhookPath}/${token}%00`), unauthenticated],
    ['with half an escape in the path', offering([], `${webhookPath}/%E0%A4%A`), unauthenticated],
    [
      'wrong, of a body too large',
      post(padded(mib + 1), { headers: [`X-Webhook-Secret: ${wrongToken}`] }),
      unauthenticated,
    ],
  ]);
});
