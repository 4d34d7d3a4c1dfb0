import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { STATE_FOLDER } from '../paths.ts';

const UpProcess = z.object({ name: z.string(), modules: z.array(z.string()), pid: z.int(), origin: z.string().optional(), opsOrigin: z.string(), log: z.string() });
const UpShop = z.object({ name: z.string(), baseUrl: z.string(), processes: z.array(UpProcess) });

/** What `up` left running, as `.doubleshot/up.json` says. */
export const UpState = z.object({
  /** Of the supervisor, which owns everything. */
  pid: z.int(),
  startedAt: z.string(),
  /** Loopback address of the supervisor, and the token it asks for. */
  control: z.object({ url: z.string(), token: z.string() }),
  /** Empty while it starts. */
  shops: z.array(UpShop),
  staff: z.object({ email: z.string(), password: z.string() }),
  postgres: z.object({ pid: z.int(), folder: z.string() }).optional(),
  /** Where the shop runs in containers: the name of their compose project, and pages of the engines to look at. */
  containers: z.object({ project: z.string(), pages: z.record(z.string(), z.string()) }).optional(),
  logFolder: z.string(),
});
export type UpState = z.infer<typeof UpState>;

const FILE = join(STATE_FOLDER, 'up.json');

/** The state, or undefined when nothing is up or the file is damaged. */
export async function readUpState(): Promise<UpState | undefined> {
  const text = await readFile(FILE, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return UpState.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Replaces the file as a whole. It holds a password and a token: for its owner alone. */
export async function writeUpState(state: UpState): Promise<void> {
  await mkdir(STATE_FOLDER, { recursive: true });
  const draft = `${FILE}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, FILE);
}

/** Removes the file if it is that of this supervisor, and not of one that came later. */
export async function removeUpState(pid: number): Promise<void> {
  if ((await readUpState())?.pid === pid) await rm(FILE, { force: true });
}
