import { randomUUID } from 'node:crypto';
import type { WrittenText } from '../simulated-gateway/post-to-webhook.js';
import type { Conversations, WrittenEntry } from './conversations.js';

export interface TextWriterOptions {
  /** Posts a text to the webhook; rejects when the webhook didn't accept it. */
  postText: (text: WrittenText) => Promise<string>;
  senderOf: (number: string) => string;
  conversations: Conversations;
  onAccepted: (guid: string) => void;
}

/** Creates the functions that write texts and post them to the webhook. */
export function createTextWriter({ postText, senderOf, conversations, onAccepted }: TextWriterOptions) {
  async function post({ id: guid, number, text }: WrittenEntry): Promise<void> {
    try {
      await postText({ guid, number, text });
      conversations.change(guid, { post: 'accepted' });
      if (conversations.written(guid)) onAccepted(guid);
    } catch (error) {
      conversations.change(guid, {
        post: 'not accepted',
        problem: error instanceof Error ? error.message : String(error),
      });
    }
  }

  return {
    /** Writes a text and returns its GUID at once; open pages get its state as events. */
    write({ number, text }: Pick<WrittenText, 'number' | 'text'>): string {
      const entry: WrittenEntry = {
        kind: 'written',
        id: randomUUID(),
        number,
        sender: senderOf(number),
        text,
        at: new Date().toISOString(),
        post: 'under way',
      };
      conversations.add(entry);
      void post(entry);
      return entry.id;
    },
    /**
     * Posts the same text with the same GUID again. It gets one reply, even when the first post was accepted after all.
     */
    postAgain(guid: string): void {
      const entry = conversations.writtenOr404(guid);
      if (entry.post !== 'not accepted') return;
      conversations.change(guid, { post: 'under way' });
      void post(entry);
    },
  };
}
