import { expect, it } from 'vitest';
import * as names from '../../src/domain/names.js';

it('the names in Temporal are the ones that open runs and operators know', () => {
  const { modelQueueOf, sendQueueOf, contactsQueueOf, eventsQueueOf, keyInUse, contact, eventRun, ...constants } =
    names;
  expect(modelQueueOf(names.taskQueue)).toBe('answerback-model');
  expect(sendQueueOf(names.taskQueue, 'smsmobileapi')).toBe('answerback-sends-smsmobileapi');
  expect(contactsQueueOf(names.taskQueue)).toBe('answerback-contacts');
  expect(eventsQueueOf(names.taskQueue)).toBe('answerback-events');
  expect({ ...eventRun, workflowIdOf: eventRun.workflowIdOf('id') }).toEqual({
    workflowType: 'tellEvent',
    workflowIdOf: 'event-id',
  });
  expect({ ...contact, workflowIdOf: contact.workflowIdOf('key') }).toEqual({
    workflowType: 'contact',
    workflowIdOf: 'contact-key',
    everyone: 'contact-everyone',
    memo: 'contact',
  });
  expect({ ...keyInUse, workflowIdOf: keyInUse.workflowIdOf('k1') }).toEqual({
    workflowType: 'answerbackKeyInUse',
    workflowIdOf: 'answerback-key-k1',
    taskQueue: 'answerback-installation',
  });
  expect(constants).toEqual({
    workflowType: 'answerMessage',
    refusedType: 'refusedReply',
    workflowTypes: ['answerMessage', 'refusedReply'],
    taskQueue: 'answerback',
    signals: { retryReply: 'retryReply', receipt: 'receipt', markReplySent: 'markReplySent' },
    updates: { retryReplyNow: 'retryReplyNow' },
    queries: { status: 'status' },
    replyState: { name: 'ReplyState', type: 'KEYWORD' },
    contactState: { name: 'ContactState', type: 'KEYWORD' },
    senderAttribute: { name: 'Sender', type: 'KEYWORD' },
    messageHashMemo: 'messageHash',
    installation: {
      workflowId: 'answerback-installation',
      workflowType: 'answerbackInstallation',
      taskQueue: 'answerback-installation',
      memo: { current: 'secretFingerprint', needed: 'neededFingerprints', earlier: 'earlierFingerprints' },
    },
    failureTypes: {
      considerFailed: 'ConsiderFailed',
      modelUnavailable: 'ModelUnavailable',
      workerStopping: 'WorkerStopping',
      replyNotSent: 'ReplyNotSent',
      replyRepeated: 'ReplyRepeated',
      replyHeld: 'ReplyHeld',
      replyFailed: 'ReplyFailed',
      replyUncertain: 'ReplyUncertain',
      eventNotTold: 'EventNotTold',
      eventFailed: 'EventFailed',
    },
  });
});
