import type { RequestListener } from 'node:http';
import { identitiesOf } from '../../domain/contact.js';
import type { Log } from '../../log/log.js';
import type { Lifecycle } from '../../process/run-main.js';
import type { Switches } from '../simulated-gateway/server.js';
import type { Simulated } from '../simulated-gateway/simulate.js';
import { createPhoneApp } from './app.js';
import { createPhone, type PhoneOptions } from './phone.js';

export interface StartPhoneOptions {
  /** By which gateway the phone writes. */
  simulated: Simulated;
  runs: PhoneOptions['runs'];
  contacts: PhoneOptions['contacts'];
  senderOf: PhoneOptions['senderOf'];
  log: Log;
}

/** Builds the phone, as a page of the simulated gateway. */
export function phonePage(
  { simulated: { postText, idOf }, runs, contacts, senderOf, log }: StartPhoneOptions,
  { onStop }: Pick<Lifecycle, 'onStop'>,
): (switches: Switches) => RequestListener {
  return (switches) => {
    const phone = createPhone(
      {
        postText,
        idOf,
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
