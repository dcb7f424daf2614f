/** The name of the gateway in messages, logs and metrics. */
export const name = 'twilio';
