/** ANSWERBACK_SECRET of all processes that share the suite's server. */
export const testSecret = 'a-secret-of-this-test-suite-0001';

/** WEBHOOK_SECRET of the apis that tests and benchmarks start. */
export const webhookSecret = 'a-webhook-secret-of-this-test-suite';
