import { randomUUID } from 'node:crypto';
import type { WrittenText } from '../simulated-gateway/dialect.js';
import { doubleOf } from '../simulated-gateway/double.js';
import type { Conversations, WrittenEntry } from './conversations.js';

export interface TextWriterOptions {
  /** Posts a text to the webhook; rejects when the webhook didn't accept it. */
  postText: (text: WrittenText) => Promise<void>;
  /** Returns the id that the text gets as a message. */
  idOf: (text: WrittenText) => string;
  senderOf: (number: string) => string;
  /** Whether each text is posted twice, the second time under another id of the provider. */
  doublesTexts: () => boolean;
  conversations: Conversations;
  onAccepted: (guid: string) => void;
}

/** Creates the functions that write texts and post them to the webhook. */
export function createTextWriter({
  postText,
  idOf,
  senderOf,
  doublesTexts,
  conversations,
  onAccepted,
}: TextWriterOptions) {
  const entryOf = (written: WrittenText): WrittenEntry => ({
    kind: 'written',
    ...written,
    id: idOf(written),
    sender: senderOf(written.number),
    at: written.at.toISOString(),
    post: 'under way',
  });

  async function post({ id, guid, number, text, at }: WrittenEntry): Promise<void> {
    try {
      await postText({ guid, number, text, at: new Date(at) });
      conversations.change(id, { post: 'accepted' });
      if (conversations.written(id)) onAccepted(id);
    } catch (error) {
      conversations.change(id, {
        post: 'not accepted',
        problem: error instanceof Error ? error.message : String(error),
      });
    }
  }

  async function postInTurn(entries: readonly WrittenEntry[]): Promise<void> {
    for (const entry of entries) await post(entry);
  }

  return {
    /**
     * Writes a text and returns the id of its message at once; open pages get its state as events. Its double, if there
     * is one, is an entry of its own.
     */
    write({ number, text }: Pick<WrittenText, 'number' | 'text'>): string {
      const written: WrittenText = { guid: randomUUID(), number, text, at: new Date() };
      const entry = entryOf(written);
      const entries = doublesTexts() ? [entry, entryOf(doubleOf(written))] : [entry];
      for (const each of entries) conversations.add(each);
      void postInTurn(entries);
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
