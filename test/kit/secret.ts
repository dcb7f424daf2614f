/** ANSWERBACK_SECRET of all processes that share the suite's server. */
export const testSecret = 'a-secret-of-this-test-suite-0001';
