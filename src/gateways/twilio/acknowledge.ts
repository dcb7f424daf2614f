import { z } from 'zod';

/** An empty TwiML document: Twilio sends no reply of its own. https://www.twilio.com/docs/messaging/twiml */
export const emptyResponse = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

export const acknowledgement = z.literal(emptyResponse).describe('An empty TwiML document.');

export const acknowledge = (): z.infer<typeof acknowledgement> => emptyResponse;
