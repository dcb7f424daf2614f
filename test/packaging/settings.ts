import { variables } from '../../src/config/variables.js';

export const settings = Object.keys(variables);

/** What @temporalio/envconfig reads beside them. */
export const connectionSettings = [
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
];

const both = [
  'ANSWERBACK_SECRET',
  'PAYLOAD_KEYS',
  'LOG_LEVEL',
  'LOG_FORMAT',
  'METRICS_PORT',
  'METRICS_HOST',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_TLS',
  'ACCEPT_SHORT_RETENTION',
  'DEFAULT_COUNTRY',
  'REPLY_MAX_AGE',
  'REPLY_RETRY_FOR',
  ...connectionSettings,
];

/** Which part reads what; a deployment gives it no other. */
export const readBy = {
  api: [
    ...both,
    ...['PORT', 'HOST', 'DATA_DIR', 'ACK_AFTER', 'DOUBLE_WINDOW', 'DOUBLE_EXCEPT'],
    ...['WEBHOOK_SECRET', 'WEBHOOK_SIGNING_SECRET'],
  ],
  worker: [
    ...both,
    ...[
      'SMS_MOBILE_API_KEY',
      'SMS_MOBILE_API_URL',
      'SMS_AUTO_REPLY_ENABLED',
      'SMS_AUTO_REPLY_TEXT',
      'SMS_PER_MINUTE',
      'SMS_PER_MINUTE_SMSMOBILEAPI',
      'PLAYBOOK',
    ],
    ...['OPENAI_API_KEY', 'OPENAI_MODEL', 'OPENAI_REASONING_EFFORT', 'OPENAI_BASE_URL', 'OPENAI_RPS'],
    ...['REPLY_DENY', 'REPLY_ALLOW', 'REPLIES_PER_SENDER', 'REPLIES_PER_DAY'],
    ...['EVENTS_URL', 'EVENTS_SECRET', 'EVENTS_TEXTS', 'EVENTS_PRIVATE'],
    ...['PARK_DAYS', 'LOG_TEXTS'],
    ...['TEMPORAL_UI_URL', 'GATEWAY_PORT'],
  ],
  /** `npm start` and the codec endpoint. */
  others: ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'CODEC_PORT', 'CODEC_HOST', 'CODEC_TOKEN'],
};
