import { SegmentedMessage } from 'sms-segments-calculator';

/** The size of a text when it is sent. */
export interface Segments {
  /** The number of SMS. */
  segments: number;
  /** One SMS has 160 characters in GSM-7 and 70 in UCS-2; each of several has 153 and 67. */
  encoding: 'GSM-7' | 'UCS-2';
  /** The characters that aren't in GSM-7, each once. */
  notInGsm: string[];
}

/** Counts the SMS of a text the way carriers do: no character is split. */
export function segmentsOf(text: string): Segments {
  const message = new SegmentedMessage(text, 'auto');
  const encoding = message.getEncodingName() === 'GSM-7' ? 'GSM-7' : 'UCS-2';
  return {
    segments: message.segmentsCount,
    encoding,
    notInGsm: encoding === 'GSM-7' ? [] : [...new Set(message.getNonGsmCharacters())],
  };
}

/** Describes the size for people: `2 SMS (UCS-2, for "’")`. */
export function describeSegments({ segments, encoding, notInGsm }: Segments): string {
  const because =
    notInGsm.length > 0
      ? `, for ${notInGsm
          .slice(0, 5)
          .map((one) => JSON.stringify(one))
          .join(' ')}`
      : '';
  return `${segments} SMS (${encoding}${because})`;
}
