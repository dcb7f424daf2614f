import type { MockActivityEnvironment } from '@temporalio/testing';
import { type ConsiderOptions, createConsider } from '../../src/activities/consider.js';
import { createModel } from '../../src/activities/model.js';
import type { Decision, Verdict } from '../../src/domain/decision.js';
import { anActivity } from '../helpers/activity.js';
import { type FakeOpenAi, startFakeOpenAi } from '../helpers/fake-openai.js';
import { recordingLog } from '../helpers/logs.js';
import { aMessage } from '../helpers/messages.js';
import { defaultPlaybook, unchanging } from '../helpers/playbook.js';

/** The activities that label and decide, as the worker wires them, against a fake OpenAI. */
export interface Classification {
  openai: FakeOpenAi;
  events: ReturnType<typeof recordingLog>['events'];
  /** Aborting it tells the worker to stop. */
  stopping: AbortController;
  /** Runs `consider`, and `considerByModel` when that asks for it. */
  consider(how?: {
    text?: string;
    environment?: MockActivityEnvironment;
    timeoutMs?: number;
    baseURL?: string;
    reasoningEffort?: 'none';
    options?: Partial<ConsiderOptions>;
  }): Promise<Decision>;
  close(): Promise<void>;
}

export const number = '+123456789';
export const apiKey = 'sk-fake-7f3a9';
const replyMaxAgeMs = 86_400_000;

/** The decision to reply with this text. */
export const replyWith = (text: string, verdict: Verdict): Decision => ({
  verdict,
  kind: 'reply',
  text,
  maxAgeMs: replyMaxAgeMs,
  parkMs: 1_000,
  ifOverLimit: defaultPlaybook.requestTemplate('person', 'en'),
});

/** The decision to stay silent. */
export const silentBy = (reason: 'auto-reply-disabled' | 'no-template-for-label', verdict: Verdict): Decision => ({
  verdict,
  kind: 'silent',
  reason,
});

export async function startClassification(): Promise<Classification> {
  const openai = await startFakeOpenAi();
  const stopping = new AbortController();
  const { log, events } = recordingLog();
  return {
    openai,
    events,
    stopping,
    async consider({
      text = 'Yes, I agree',
      environment = anActivity(),
      baseURL = openai.baseURL,
      timeoutMs,
      reasoningEffort,
      options,
    } = {}) {
      const model = createModel({
        apiKey,
        model: 'fake-model',
        baseURL,
        reasoningEffort,
        ...(timeoutMs && { timeoutMs }),
      });
      const { consider, considerByModel } = createConsider({
        model,
        playbook: unchanging(defaultPlaybook),
        autoReply: { enabled: true, text: undefined },
        mayReply: () => true,
        replyMaxAgeMs,
        parkMs: 1_000,
        stopping: stopping.signal,
        runUrl: (workflowId, runId) => `http://ui.test/${workflowId}/${runId}`,
        log,
        ...options,
      });
      const message = aMessage({ text, from: number });
      const decision: Decision | 'ask-model' = await anActivity().run(consider, message);
      return decision === 'ask-model' ? environment.run(considerByModel, message) : decision;
    },
    close: () => openai.close(),
  };
}
