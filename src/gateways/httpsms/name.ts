/** The name of the gateway in messages, logs and metrics. */
export const name = 'httpsms';

/** The path of the webhook. */
export const route = '/api/webhook/httpsms';
