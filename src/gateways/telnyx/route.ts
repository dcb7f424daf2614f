/** The path of the webhook, for texts and receipts. */
export const route = '/api/webhook/telnyx';

/** The parameter of the query with the mark of a send: Telnyx posts the receipts of a send to an address of its own. */
export const markParameter = 'm';
