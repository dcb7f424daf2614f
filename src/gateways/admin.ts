/**
 * The administration of an account at a provider: registers the webhooks through the provider's API, and checks them.
 * Its words, its errors too, are for operators, and contain no secrets.
 */
export interface GatewayAdmin {
  /**
   * Reads what is registered, and returns what to do so that texts and receipts come here. Changes nothing.
   *
   * @param publicUrl the base of the webhook, without a slash at its end
   * @param number the number to register, where the account has several
   * @throws {AdminError} when the provider doesn't tell
   * @throws {ChoiceError} when a number must be chosen, or another one
   */
  plan(publicUrl: string, number?: string): Promise<ConnectPlan>;
  /**
   * Checks the credentials, the webhooks, and what is set dangerously. Changes nothing and sends no SMS. Absent: the
   * provider can't be asked.
   *
   * @param publicUrl undefined: the webhooks are not checked
   * @throws {AdminError} when the provider doesn't tell
   */
  check?(publicUrl: string | undefined): Promise<AdminFinding[]>;
}

export interface ConnectPlan {
  steps: readonly ConnectStep[];
  /** What the operator does or looks at by hand. */
  notes: readonly Note[];
}

export interface Note {
  found: string;
  todo: string;
}

/** One registration at the provider. */
export interface ConnectStep {
  /** What is registered, such as `sms:received`. */
  what: string;
  /** The address to register. */
  address: string;
  /** `foreign`: an address that isn't ours would be overwritten. */
  state: 'done' | 'missing' | 'different' | 'foreign';
  /** What is registered now, without what may be secret in it. Only when it is different or foreign. */
  now?: string;
  /**
   * Registers it.
   *
   * @returns `unsupported` when the provider can't, and it isn't needed
   * @throws {AdminError} when the provider refuses it
   */
  apply(): Promise<'registered' | 'unsupported'>;
}

export interface AdminFinding {
  status: 'ok' | 'warn' | 'fail';
  found: string;
  /** What to do about it. */
  todo?: string;
}

/** The provider didn't do or tell what it was asked. The message says what is wrong. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  /** What to do about it. */
  readonly todo: string;
  /** The status of the response, where that is what was wrong. */
  readonly status: number | undefined;

  constructor(message: string, todo: string, status?: number) {
    super(message);
    this.todo = todo;
    this.status = status;
  }
}

/** The account has several numbers, or not this one. The message says which there are. */
export class ChoiceError extends Error {
  override readonly name = 'ChoiceError';
}
