/** Steps back, taken in the opposite order, each once. A step that fails does not keep the others from being taken. */
export interface Undo {
  add(step: () => Promise<void>): void;
  /** Rejects with the first failure after every step was tried. Callable again: then there is nothing left to do. */
  run(): Promise<void>;
  /** Nothing is to be taken back any more. */
  forget(): void;
}

const open = new Set<Undo>();

export function createUndo(): Undo {
  const steps: (() => Promise<void>)[] = [];
  let running: Promise<void> | undefined;
  const takeBack = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) await step().catch((error: unknown) => failures.push(error));
    open.delete(undo);
    if (failures.length > 0) throw failures[0];
  };
  const undo: Undo = {
    add: (step) => {
      steps.push(step);
      open.add(undo);
    },
    // Whoever asks while it runs waits for the same end.
    run: () => (running ??= takeBack().finally(() => { running = undefined; })),
    forget: () => {
      steps.length = 0;
      open.delete(undo);
    },
  };
  return undo;
}

/** Whether anything was started and not yet stopped in this process. */
export function hasSomethingToUndo(): boolean {
  return open.size > 0;
}

/** Takes back everything that was started and not yet stopped in this process: for an end by Ctrl-C. */
export async function undoEverything(): Promise<void> {
  await Promise.allSettled([...open].reverse().map((undo) => undo.run()));
}
