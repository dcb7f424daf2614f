import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts the message and stack of a failure into a payload, which the codec seals. The SDK and the bundler load this file
 * by its path.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
