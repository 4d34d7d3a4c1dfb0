export type Environment = Readonly<Record<string, string | undefined>>;

/** The one place of the lab that reads the environment. Empty counts as missing. */
export function readEnvironment(): Environment {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS'] as const;

/** What a program the lab starts inherits: nothing that could change what it does. */
export function inheritedEnvironment(): Record<string, string> {
  const environment = readEnvironment();
  return Object.fromEntries(PASSED_ON.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));
}
