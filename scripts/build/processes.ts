/** Each has a bundle and an image of its own. */
const PROCESSES = ['gateway', 'auth', 'orders', 'notifications', 'monolith'] as const;

export type ProcessName = (typeof PROCESSES)[number];

/** Those that are named, all when none is. Throws for a name that is no process. */
export function processesNamed(names: readonly string[]): readonly ProcessName[] {
  if (names.length === 0) return PROCESSES;
  return names.map((name) => {
    const found = PROCESSES.find((each) => each === name);
    if (found === undefined) throw new Error(`there is no process "${name}", only ${PROCESSES.join(', ')}`);
    return found;
  });
}
