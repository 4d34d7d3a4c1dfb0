import { z } from 'zod';

/** What the processes and databases of a brew run with, as they say themselves. */
export const BrewConditions = z.object({
  topology: z.string(),
  processes: z.array(z.object({ name: z.string(), node: z.string(), logLevel: z.string() })),
  databases: z.array(z.object({ name: z.string(), version: z.string(), fsync: z.string(), synchronousCommit: z.string() })),
});
export type BrewConditions = z.infer<typeof BrewConditions>;

/** A brew that can be asked. */
export interface Askable {
  topology: string;
  processes: readonly { name: string; opsOrigin: string }[];
  /** Names of all databases that it writes to. */
  databases: readonly string[];
  /** Version of the Node that runs a process. */
  nodeOf(process: string): Promise<string>;
  /** Answers the one value of the one row that a statement answers, in that database. */
  query(database: string, sql: string): Promise<string>;
}

const ANSWER_TIMEOUT_MS = 5_000;
const SETTINGS = `SELECT json_build_object('version', current_setting('server_version'), 'fsync', current_setting('fsync'), 'synchronousCommit', current_setting('synchronous_commit'))::text`;

const DatabaseSettings = BrewConditions.shape.databases.element.omit({ name: true });
const LogLevel = z.object({ level: z.string() });

/** Asks every process and every database of a brew. Rejects when one does not answer. */
export async function askConditions({ topology, processes, databases, nodeOf, query }: Askable): Promise<BrewConditions> {
  return {
    topology,
    processes: await Promise.all(processes.map(async ({ name, opsOrigin }) => ({ name, node: await nodeOf(name), logLevel: await logLevelOf(opsOrigin) }))),
    databases: await Promise.all(databases.map(async (name) => ({ name, ...DatabaseSettings.parse(JSON.parse(await query(name, SETTINGS))) }))),
  };
}

async function logLevelOf(opsOrigin: string): Promise<string> {
  const response = await fetch(`${opsOrigin}/log-level`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  return LogLevel.parse(await response.json()).level;
}

/** What should be the same in all brews. */
const EQUAL: readonly { what: string; of: (brew: BrewConditions) => string[] }[] = [
  { what: 'version of Node', of: ({ processes }) => processes.map(({ node }) => node) },
  { what: 'log level', of: ({ processes }) => processes.map(({ logLevel }) => logLevel) },
  { what: 'version of PostgreSQL', of: ({ databases }) => databases.map(({ version }) => version) },
  { what: 'fsync', of: ({ databases }) => databases.map(({ fsync }) => fsync) },
  { what: 'synchronous_commit', of: ({ databases }) => databases.map(({ synchronousCommit }) => synchronousCommit) },
];

/** A sentence for each condition that is not the same in all processes or databases of all brews. */
export function differingConditions(brews: readonly BrewConditions[]): string[] {
  return EQUAL.flatMap(({ what, of }) => {
    if (new Set(brews.flatMap(of)).size < 2) return [];
    return [`${what} is not the same everywhere (${brews.map((brew) => `${brew.topology} ${distinct(of(brew))}`).join('; ')}): what comes of it is no difference of the brews`];
  });
}

/** Each value once. */
export function distinct(values: readonly string[]): string {
  return [...new Set(values)].join(' and ');
}
