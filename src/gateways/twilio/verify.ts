import type { RequestHead, Verification } from '../gateway.js';
import type { TwilioSettings } from './settings.js';
import { isSigned, signatureHeader, signaturePattern } from './signature.js';

/** Creates the verification of requests. The address that Twilio signs is ours by setting, never by the Host header. */
export function createVerify({
  authTokens,
  publicUrl,
}: Pick<TwilioSettings, 'authTokens' | 'publicUrl'>): (head: RequestHead) => Verification {
  return ({ headers, target }) => {
    const signature = headers[signatureHeader.toLowerCase()];
    if (typeof signature !== 'string' || !signaturePattern.test(signature) || !target.startsWith('/')) return 'refused';
    return (body) => isSigned({ url: `${publicUrl}${target}`, body, signature }, authTokens);
  };
}
