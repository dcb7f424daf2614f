import { SegmentedMessage } from 'sms-segments-calculator';

/** What a text costs to send. */
export interface Segments {
  /** SMS it is cut into. */
  segments: number;
  /** GSM-7 holds 160 characters, 153 in each of several; UCS-2 holds 70 and 67. */
  encoding: 'GSM-7' | 'UCS-2';
  /** The characters that GSM-7 lacks, each once. */
  notInGsm: string[];
}

/** Counts as carriers do: no character is cut in two. */
export function segmentsOf(text: string): Segments {
  const message = new SegmentedMessage(text, 'auto');
  const encoding = message.getEncodingName() === 'GSM-7' ? 'GSM-7' : 'UCS-2';
  return { segments: message.segmentsCount, encoding, notInGsm: encoding === 'GSM-7' ? [] : [...new Set(message.getNonGsmCharacters())] };
}

/** For people: `2 SMS (UCS-2, for "’")`. */
export function describeSegments({ segments, encoding, notInGsm }: Segments): string {
  const because = notInGsm.length > 0 ? `, for ${notInGsm.slice(0, 5).map((one) => JSON.stringify(one)).join(' ')}` : '';
  return `${segments} SMS (${encoding}${because})`;
}
