import { type ClassifyDependencies, createClassify } from './classify.js';
import { createSendReply, type SendReplyDependencies } from './send-reply.js';

/** The activities, with what they need handed in. */
export function createActivities(dependencies: ClassifyDependencies & SendReplyDependencies) {
  return { classify: createClassify(dependencies), sendReply: createSendReply(dependencies) };
}

export type Activities = ReturnType<typeof createActivities>;
