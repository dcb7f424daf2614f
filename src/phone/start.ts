import type { RequestListener } from 'node:http';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import type { Starting } from '../process.js';
import { deliver } from '../simulated-gateway/deliver.js';
import type { Switches } from '../simulated-gateway/server.js';
import type { Runs } from '../temporal/runs.js';
import { createPhoneApp } from './app.js';
import { webhookUrl } from '../webhook-url.js';
import { createPhone } from './phone.js';

export interface PhoneSettings {
  config: Pick<Config, 'host' | 'port' | 'credentials'>;
  runs: Pick<Runs, 'show' | 'release'>;
  log: Log;
}

/** Wires the phone from the settings, as a page of the simulated gateway. */
export function phonePage({ config, runs, log }: PhoneSettings, { onStop }: Pick<Starting, 'onStop'>): (switches: Switches) => RequestListener {
  const webhook = { url: webhookUrl(config), credentials: config.credentials };
  return (switches) => {
    const phone = createPhone({ deliver: (text) => deliver(text, webhook), runs }, switches);
    onStop(async () => phone.close());
    const handle = createPhoneApp(phone, log).callback();
    return (request, response) => void handle(request, response);
  };
}
