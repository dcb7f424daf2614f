import { defaultAnswer } from '../../test/helpers/playbook.js';
import type { InboundMessage } from '../../src/message.js';

const verdict = { label: 'Agree', by: 'rules', answer: defaultAnswer('Agree') };
const sent = { reply: 'sent', gatewayMessageId: '0'.repeat(40) };

/** @param replied called with the time at which a reply would go out, in milliseconds of this process */
export function createBareActivities(replied: (guid: string, at: number) => void): BareActivities {
  return {
    classify: async () => verdict,
    async sendReply({ guid }: InboundMessage) {
      replied(guid, performance.now());
      return sent;
    },
  };
}

/** With the arguments that they are given and do not look at. */
export interface BareActivities {
  classify(message: InboundMessage): Promise<typeof verdict>;
  sendReply(message: InboundMessage, text: string): Promise<typeof sent>;
}
