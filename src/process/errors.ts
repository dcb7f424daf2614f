/** An error that an operator can fix. Its message is one line: what is wrong, and what to do. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** What is wrong. Includes what to do when `todo` is undefined. */
  readonly found: string;
  readonly todo: string | undefined;

  constructor(found: string, todo?: string) {
    super(todo === undefined ? found : `${found}: ${todo}`);
    this.found = found;
    this.todo = todo;
  }
}

/** A command has invalid arguments. The message says what is wrong with them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Some settings are invalid. Has one line for each wrong variable, without the values of secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
