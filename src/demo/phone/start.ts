import type { RequestListener } from 'node:http';
import type { Log } from '../../log/log.js';
import type { Lifecycle } from '../../process/run-main.js';
import { postText, type Webhook } from '../simulated-gateway/post-to-webhook.js';
import type { Switches } from '../simulated-gateway/server.js';
import { createPhoneApp } from './app.js';
import { createPhone, type PhoneOptions } from './phone.js';

export interface StartPhoneOptions {
  /** The webhook that the phone posts to. */
  webhook: Webhook;
  runs: PhoneOptions['runs'];
  senderOf: PhoneOptions['senderOf'];
  log: Log;
}

/** Builds the phone, as a page of the simulated gateway. */
export function phonePage(
  { webhook, runs, senderOf, log }: StartPhoneOptions,
  { onStop }: Pick<Lifecycle, 'onStop'>,
): (switches: Switches) => RequestListener {
  return (switches) => {
    const phone = createPhone({ postText: (text) => postText(text, webhook), runs, senderOf }, switches);
    onStop(async () => phone.close());
    const handle = createPhoneApp(phone, log).callback();
    return (request, response) => void handle(request, response);
  };
}
