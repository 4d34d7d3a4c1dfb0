/** Why a publish is not confirmed when its adapter closes first. */
export class ClosedBeforeHandledError extends Error {
  override readonly name = 'ClosedBeforeHandledError';
  constructor() {
    super('closed before the message was handled');
  }
}

/** Why a task is not confirmed that came too early for its handler: it may wait for long, and others need its place. */
export class GivenBackError extends Error {
  override readonly name = 'GivenBackError';
}

/** How a message left its consumer: `handled`, `parked`, or not at all. */
export type Settle = (how: 'handled' | 'parked' | Error) => void;

/** One promise for many parts: resolves when each part was settled, rejects with the first error. */
export interface Confirmation {
  /** Announces a part; the answer settles it. */
  part(): Settle;
  /** To be awaited after the last part was announced. */
  all(): Promise<void>;
}

export function createConfirmation(): Confirmation {
  let open = 1;
  let resolve: () => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const settle: Settle = (how) => {
    if (how instanceof Error) reject(how);
    else if (--open === 0) resolve();
  };
  return {
    part: () => {
      open += 1;
      return settle;
    },
    all: () => {
      settle('handled');
      return promise;
    },
  };
}
