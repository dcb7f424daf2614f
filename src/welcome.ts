import type { Config } from './config.js';
import { localUrl } from './webhook-url.js';

interface Addresses {
  temporalAddress: string;
  uiUrl: string | undefined;
  /** Where sealed payloads are shown; absent: they are not sealed, or not shown by this process. */
  codecEndpoint: string | undefined;
  dataDir: string;
}

/** What a first-time user sees: every address, the curl, and how to stop. */
export function welcome(config: Config, { temporalAddress, uiUrl, codecEndpoint, dataDir }: Addresses): string {
  const host = config.host === '127.0.0.1' ? 'localhost' : config.host;
  const webhook = `http://${host}:${config.port}/api/webhook/sms-received`;
  const { token, signingSecrets } = config.credentials;
  const onlySigned = token === undefined && signingSecrets.length > 0;
  const secret = token === undefined && !onlySigned ? '' : ` -H "X-Webhook-Secret: $WEBHOOK_SECRET"`;
  const example = `{"date":"2025-01-20","hour":"10:15:00","time_received":"2025-01-20 10:14:50","message":"Yes, I agree","number":"+123456789","guid":"test-001"}`;
  return [
    '',
    'Answerback is ready.',
    '',
    `  Webhook          ${webhook}`,
    `  Temporal Web UI  ${uiUrl ?? '(that of your server)'}`,
    `  Temporal server  ${temporalAddress}`,
    ...(codecEndpoint === undefined ? [] : [`  For temporal     export TEMPORAL_CODEC_ENDPOINT=${codecEndpoint}`]),
    config.gateway.simulated
      ? `  Gateway          simulated: write it a text at http://localhost:${config.gateway.port}/ (/sent lists the replies)`
      : `  Gateway          SMSMobileAPI at ${config.gateway.url}`,
    `  Classified by    ${config.openai ? `OpenAI, ${config.openai.model}` : 'rules (set OPENAI_API_KEY for a model)'}`,
    `  Auto-reply       ${config.autoReply.enabled ? 'on' : 'off (set SMS_AUTO_REPLY_ENABLED=true)'}`,
    `  Metrics          ${localUrl(config.metrics)}/metrics`,
    `  Data             ${dataDir}`,
    '',
    onlySigned ? 'It takes signed deliveries only. To send one by hand, set WEBHOOK_SECRET too; then:' : 'Send it a text:',
    '',
    `  curl -X POST ${webhook} -H "Content-Type: application/json"${secret} \\`,
    `    -d '${example}'`,
    '',
    'Stop with Ctrl-C.',
    '',
    '',
  ].join('\n');
}
