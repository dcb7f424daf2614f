import type { Config } from '../config/config.js';
import { gatewayToSimulate } from '../config/gateways.js';
import type { PostByHand } from '../gateways/gateway.js';
import { localUrl, webhookUrl } from '../config/webhook-url.js';
import type { Log } from '../log/log.js';

interface Addresses {
  temporalAddress: string;
  uiUrl: string | undefined;
  /** The URL of the codec endpoint. Undefined: payloads are not encrypted, or this process runs no codec endpoint. */
  codecEndpoint: string | undefined;
  dataDir: string;
}

/** Says that everything runs: in the JSON log, or as a text for the person who ran `npm start`. */
export function sayReady(config: Config, addresses: Addresses, log: Log): void {
  if (config.logFormat !== 'json') return void process.stdout.write(welcome(config, addresses));
  // The path of the codec endpoint is a secret, so the log leaves it out.
  const { temporalAddress, uiUrl, dataDir } = addresses;
  const webhook = webhookUrl(config, gatewayToSimulate(config.gateways).gateway);
  log.info({ event: 'answerback.started', webhook, temporalAddress, uiUrl, dataDir }, 'Answerback is ready');
}

/** The text that `npm start` prints when everything runs: the addresses, how to send a text, and how to stop. */
export function welcome(config: Config, { temporalAddress, uiUrl, codecEndpoint, dataDir }: Addresses): string {
  const host = config.host === '127.0.0.1' ? 'localhost' : config.host;
  const { gateway, settings } = gatewayToSimulate(config.gateways);
  const webhook = webhookUrl({ ...config, host }, gateway);
  return [
    '',
    'Answerback is ready.',
    '',
    `  Webhook          ${webhook}`,
    `  Temporal Web UI  ${uiUrl ?? '(of your own server)'}`,
    `  Temporal server  ${temporalAddress}`,
    ...(codecEndpoint === undefined ? [] : [`  For temporal     export TEMPORAL_CODEC_ENDPOINT=${codecEndpoint}`]),
    settings.simulated
      ? '  Gateway          simulated: write a text at ' +
        `http://localhost:${config.simulatedGateway.port}/ (/sent lists the replies)`
      : `  Gateway          ${gateway.title} at ${settings.url}`,
    `  Classified by    ${config.openai ? `OpenAI, ${config.openai.model}` : 'rules (set OPENAI_API_KEY for a model)'}`,
    `  Auto-reply       ${config.autoReply.enabled ? 'on' : 'off (set SMS_AUTO_REPLY_ENABLED=true)'}`,
    `  Metrics          ${localUrl(config.metrics)}/metrics`,
    `  Data             ${dataDir}`,
    '',
    ...howToSend(webhook, gateway.postByHand?.(settings)),
    '',
    'Stop with Ctrl-C.',
    '',
    '',
  ].join('\n');
}

function howToSend(webhook: string, byHand: PostByHand | undefined): string[] {
  if (!byHand) return ['Send a text:', '', '  npx answerback send "Yes, I agree"'];
  const headers = ['Content-Type: application/json', ...byHand.headers].map((header) => ` -H "${header}"`).join('');
  return [
    byHand.todo ? `${byHand.todo}, then run:` : 'Send a text:',
    '',
    `  curl -X POST ${webhook}${headers} \\`,
    `    -d '${byHand.body}'`,
  ];
}
