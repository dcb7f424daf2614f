import { completion, type FakeOpenAi, fault, startFakeOpenAi } from '../helpers/fake-openai.js';

/** A text whose label the model doesn't find until it is told to. */
export const hardText = 'I have to think about it';

export interface ModelThatFails {
  baseURL: string;
  /** How often it was asked about a hard text and failed. */
  failures: () => number;
  setFailing: (isFailing: boolean) => void;
  close: () => Promise<void>;
}

/** Starts a fake OpenAI that labels every text as Agree, and fails for hard texts while `setFailing(true)` holds. */
export async function startModelThatFails(): Promise<ModelThatFails> {
  const openai: FakeOpenAi = await startFakeOpenAi();
  let isFailing = false;
  let failures = 0;
  openai.answerWith((response) => {
    const isHard = JSON.stringify(openai.requests.at(-1)?.body.messages).includes(hardText);
    if (isHard && isFailing) failures++;
    (isHard && isFailing ? fault(503) : completion({ content: '{"label":"Agree"}' }))(response);
  });
  return {
    baseURL: openai.baseURL,
    failures: () => failures,
    setFailing: (next) => void (isFailing = next),
    close: () => openai.close(),
  };
}
