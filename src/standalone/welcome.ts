import type { Config } from '../config/config.js';
import type { Gateway } from '../gateways/gateway.js';
import { localUrl, webhookUrl } from '../config/webhook-url.js';

interface Addresses {
  temporalAddress: string;
  uiUrl: string | undefined;
  /** The URL of the codec endpoint. Undefined: payloads are not encrypted, or this process runs no codec endpoint. */
  codecEndpoint: string | undefined;
  dataDir: string;
}

/**
 * The text that `npm start` prints when everything runs: the addresses, a curl command, and how to stop.
 *
 * @param gateway whose webhook the curl command posts to
 */
export function welcome(
  config: Config,
  gateway: Gateway & { name: keyof Config['gateways'] },
  { temporalAddress, uiUrl, codecEndpoint, dataDir }: Addresses,
): string {
  const host = config.host === '127.0.0.1' ? 'localhost' : config.host;
  const webhook = webhookUrl({ ...config, host }, gateway);
  const { simulated, url, credentials } = config.gateways[gateway.name];
  const { token, signingSecrets } = credentials;
  const { secretHeader } = gateway;
  const onlySigned = token === undefined && signingSecrets.length > 0;
  const secret = token === undefined && !onlySigned ? '' : ` -H "${secretHeader.name}: $${secretHeader.variable}"`;
  const example =
    '{"date":"2025-01-20","hour":"10:15:00","time_received":"2025-01-20 10:14:50",' +
    '"message":"Yes, I agree","number":"+123456789","guid":"test-001"}';
  return [
    '',
    'Answerback is ready.',
    '',
    `  Webhook          ${webhook}`,
    `  Temporal Web UI  ${uiUrl ?? '(of your own server)'}`,
    `  Temporal server  ${temporalAddress}`,
    ...(codecEndpoint === undefined ? [] : [`  For temporal     export TEMPORAL_CODEC_ENDPOINT=${codecEndpoint}`]),
    simulated
      ? '  Gateway          simulated: write a text at ' +
        `http://localhost:${config.simulatedGateway.port}/ (/sent lists the replies)`
      : `  Gateway          ${gateway.title} at ${url}`,
    `  Classified by    ${config.openai ? `OpenAI, ${config.openai.model}` : 'rules (set OPENAI_API_KEY for a model)'}`,
    `  Auto-reply       ${config.autoReply.enabled ? 'on' : 'off (set SMS_AUTO_REPLY_ENABLED=true)'}`,
    `  Metrics          ${localUrl(config.metrics)}/metrics`,
    `  Data             ${dataDir}`,
    '',
    onlySigned
      ? 'The webhook accepts only signed posts. ' + `To send one by hand, set ${secretHeader.variable} too, then run:`
      : 'Send a text:',
    '',
    `  curl -X POST ${webhook} -H "Content-Type: application/json"${secret} \\`,
    `    -d '${example}'`,
    '',
    'Stop with Ctrl-C.',
    '',
    '',
  ].join('\n');
}
