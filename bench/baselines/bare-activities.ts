import { defaultTemplate } from '../../test/helpers/playbook.js';
import type { InboundMessage } from '../../src/domain/message.js';

const verdict = { label: 'Agree', by: 'rules', template: defaultTemplate('Agree') };
const sent = { reply: 'sent', gatewayMessageId: '0'.repeat(40) };

/**
 * Creates activities that do nothing but return results like the product's.
 *
 * @param replied called with the time at which a reply would be sent, on the clock of `performance.now()`
 */
export function createBareActivities(replied: (guid: string, at: number) => void): BareActivities {
  return {
    classify: async () => verdict,
    async sendReply({ id: guid }: InboundMessage) {
      replied(guid, performance.now());
      return sent;
    },
  };
}

/** The activities with the arguments of the product's, although they ignore them. */
export interface BareActivities {
  classify(message: InboundMessage): Promise<typeof verdict>;
  sendReply(message: InboundMessage, text: string): Promise<typeof sent>;
}
