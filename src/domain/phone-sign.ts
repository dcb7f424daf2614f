/** What a post says about the phone of a line. */
export interface PhoneSign {
  /** The phone: its id, or the last four digits of its number. */
  line: string;
  /** `dead`: it can't be reached, or it reports that it doesn't work. */
  sign: 'alive' | 'dead';
}
