/** Environment variables by name, as a process was given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. The only place that reads `process.env`; read once at start and hand the values down. */
export function readEnvironment(): Environment {
  return { ...process.env };
}
