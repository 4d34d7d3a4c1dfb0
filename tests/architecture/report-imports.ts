// A program: imports the modules it is told, one after the other, and prints what each leaves behind that keeps a process alive or listens to its end.
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'unhandledRejection', 'beforeExit'];

function held(): string[] {
  return [...process.getActiveResourcesInfo(), ...ENDINGS.filter((event) => process.listenerCount(event) > 0)];
}

/** What is in `now` beyond what is in `before`; a kind that is there twice counts twice. */
function added(before: readonly string[], now: readonly string[]): string[] {
  const known = [...before];
  return now.filter((kind) => {
    const at = known.indexOf(kind);
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
}

// Opened before the first look: packages that look whether there is a terminal would open them.
const [output] = [process.stdout, process.stderr];
const left: Record<string, string[]> = {};
let before = held();
for (const specifier of process.argv.slice(2)) {
  await import(specifier);
  const now = held();
  left[specifier] = added(before, now);
  before = now;
}
output.write(JSON.stringify(left));
