import type { RequestListener } from 'node:http';
import { identitiesOf } from '../../domain/contact.js';
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
  contacts: PhoneOptions['contacts'];
  senderOf: PhoneOptions['senderOf'];
  log: Log;
}

/** Builds the phone, as a page of the simulated gateway. */
export function phonePage(
  { webhook, runs, contacts, senderOf, log }: StartPhoneOptions,
  { onStop }: Pick<Lifecycle, 'onStop'>,
): (switches: Switches) => RequestListener {
  return (switches) => {
    const phone = createPhone(
      {
        postText: (text) => postText(text, webhook),
        runs,
        contacts,
        senderOf,
        identitiesOf: (number) => identitiesOf({ from: number, sender: senderOf(number) }),
      },
      switches,
    );
    onStop(async () => phone.close());
    const handle = createPhoneApp(phone, log).callback();
    return (request, response) => void handle(request, response);
  };
}
