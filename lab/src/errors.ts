/** Something the person at the keyboard can put right, in one sentence. Ends the command with exit code 1. */
export class LabError extends Error {
  override readonly name: string = 'LabError';
  readonly exitCode: 1 | 2 = 1;
}

/** A command, option or variable that makes no sense. Ends the command with exit code 2. */
export class UsageError extends LabError {
  override readonly name = 'UsageError';
  override readonly exitCode = 2;
}
