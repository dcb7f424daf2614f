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
  'PARK_DAYS',
  'PUBLIC_URL',
  'SMSGATE_USER',
  'SMSGATE_PASSWORD',
  'SMSGATE_SIGNING_KEY',
  'SMSGATE_URL',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_API_URL',
  'HTTPSMS_API_KEY',
  'HTTPSMS_SIGNING_KEY',
  'HTTPSMS_CONFIRM',
  'HTTPSMS_API_URL',
  'TELNYX_API_KEY',
  'TELNYX_PUBLIC_KEY',
  'TELNYX_API_URL',
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
      'SMS_PER_MINUTE_SMSGATE',
      'SMS_PER_MINUTE_TWILIO',
      'SMS_PER_MINUTE_HTTPSMS',
      'SMS_PER_MINUTE_TELNYX',
      'PLAYBOOK',
      'RESTORED_AT',
    ],
    ...['OPENAI_API_KEY', 'OPENAI_MODEL', 'OPENAI_REASONING_EFFORT', 'OPENAI_BASE_URL', 'OPENAI_RPS'],
    ...['REPLY_DENY', 'REPLY_ALLOW', 'REPLIES_PER_SENDER', 'REPLIES_PER_DAY'],
    ...['EVENTS_URL', 'EVENTS_SECRET', 'EVENTS_TEXTS', 'EVENTS_PRIVATE'],
    ...['LOG_TEXTS'],
    ...['TEMPORAL_UI_URL', 'GATEWAY', 'GATEWAY_PORT'],
  ],
  /** `npm start` and the codec endpoint. */
  others: ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'CODEC_PORT', 'CODEC_HOST', 'CODEC_TOKEN'],
};
