/** The name of the gateway in messages, logs and metrics. */
export const name = 'smsgate';

/** The path of the webhook. */
export const route = '/api/webhook/smsgate';
