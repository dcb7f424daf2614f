import { expect, it } from 'vitest';
import * as names from '../../src/domain/names.js';

it('the names in Temporal are the ones that open runs and operators know', () => {
  const { modelQueueOf, sendQueueOf, keyInUse, ...constants } = names;
  expect(modelQueueOf(names.taskQueue)).toBe('answerback-model');
  expect(sendQueueOf(names.taskQueue, 'smsmobileapi')).toBe('answerback-sends-smsmobileapi');
  expect({ ...keyInUse, workflowIdOf: keyInUse.workflowIdOf('k1') }).toEqual({
    workflowType: 'answerbackKeyInUse',
    workflowIdOf: 'answerback-key-k1',
    taskQueue: 'answerback-installation',
  });
  expect(constants).toEqual({
    workflowType: 'answerMessage',
    workflowTypes: ['answerMessage'],
    taskQueue: 'answerback',
    signals: { retryReply: 'retryReply', markReplySent: 'markReplySent' },
    updates: { retryReplyNow: 'retryReplyNow' },
    queries: { status: 'status' },
    replyState: { name: 'ReplyState', type: 'KEYWORD' },
    senderAttribute: { name: 'Sender', type: 'KEYWORD' },
    messageHashMemo: 'messageHash',
    installation: {
      workflowId: 'answerback-installation',
      workflowType: 'answerbackInstallation',
      taskQueue: 'answerback-installation',
      memo: 'secretFingerprint',
    },
    failureTypes: {
      considerFailed: 'ConsiderFailed',
      modelUnavailable: 'ModelUnavailable',
      workerStopping: 'WorkerStopping',
      replyNotSent: 'ReplyNotSent',
      replyHeld: 'ReplyHeld',
      replyFailed: 'ReplyFailed',
      replyUncertain: 'ReplyUncertain',
    },
  });
});
