import { senderOf } from '../../helpers/messages.js';
import { readPost } from '../../../src/gateways/sms-mobile-api/read-post.js';

const acceptedAt = new Date('2025-01-20T10:15:01.234Z');
export const read = (posted: unknown) => readPost(Buffer.from(JSON.stringify(posted)), { acceptedAt, senderOf });
