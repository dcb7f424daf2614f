/** Texts and receipts come to the same route. */
export const routePath = '/api/webhook/twilio';
