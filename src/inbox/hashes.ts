import { createHmac } from 'node:crypto';
import { plainNumber } from '../message.js';

/** Keyed, since there are few numbers and many short texts: without the key every one could be tried. */
const hashWith = (hashKey: Buffer, value: string) => createHmac('sha256', hashKey).update(value).digest().subarray(0, 16);

/** Tells a GUID that comes again from one that comes with another text. */
export const hashOfText = (hashKey: Buffer, text: string): Buffer => hashWith(hashKey, text);

/** Finds the messages of a number. */
export const hashOfNumber = (hashKey: Buffer, number: string): Buffer => hashWith(hashKey, `number ${plainNumber(number)}`);
