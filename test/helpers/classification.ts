import type { MockActivityEnvironment } from '@temporalio/testing';
import { type ClassifyDependencies, createClassify } from '../../src/activities/classify.js';
import { createModel } from '../../src/activities/model.js';
import type { InboundMessage, Verdict } from '../../src/message.js';
import { anActivity } from './activity.js';
import { type FakeOpenAi, startFakeOpenAi } from './fake-openai.js';
import { recordingLog } from './logs.js';
import { aMessage } from './messages.js';
import { defaultPlaybook, unchanging } from './playbook.js';

/** The activity `classify`, as the worker wires it, against a fake OpenAI. */
export interface Classification {
  openai: FakeOpenAi;
  events: ReturnType<typeof recordingLog>['events'];
  /** Aborting it tells the worker to stop. */
  stopping: AbortController;
  classify(how?: {
    text?: string;
    environment?: MockActivityEnvironment;
    timeoutMs?: number;
    baseURL?: string;
    dependencies?: Partial<ClassifyDependencies>;
  }): Promise<Verdict>;
  close(): Promise<void>;
}

export const number = '+123456789';
export const apiKey = 'sk-fake-7f3a9';

export async function startClassification(): Promise<Classification> {
  const openai = await startFakeOpenAi();
  const stopping = new AbortController();
  const { log, events } = recordingLog();
  return {
    openai,
    events,
    stopping,
    classify({ text = 'Yes, I agree', environment = anActivity(), baseURL = openai.baseURL, timeoutMs, dependencies } = {}) {
      const model = createModel({ apiKey, model: 'fake-model', baseURL, ...(timeoutMs && { timeoutMs }) });
      const classify = createClassify({
        model,
        playbook: unchanging(defaultPlaybook),
        autoReply: { enabled: true, text: undefined },
        parkMs: 1_000,
        stopping: stopping.signal,
        runUrl: (workflowId, runId) => `http://ui.test/${workflowId}/${runId}`,
        log,
        ...dependencies,
      });
      return environment.run(classify as (message: InboundMessage) => Promise<Verdict>, aMessage({ text, number }));
    },
    close: () => openai.close(),
  };
}
