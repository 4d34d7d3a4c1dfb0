import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './is-alive.ts';

const POLL_MS = 100;

/** A file with the pid of whoever holds the lock. Waits while another process does, after `onWait`; takes over from one that died. Answers how to let go. */
export async function takeLock(path: string, onWait: () => void): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await claim(path))) {
    if (await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    else if (!told) {
      onWait();
      told = true;
    }
    // Also before a lock is taken over: another may have found it abandoned, too, and be about to remove it.
    await sleep(POLL_MS);
  }
  return () => rm(path, { force: true });
}

/** A link comes with its content: nobody ever sees a lock without a pid. */
async function claim(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether nobody holds it any more. A lock that is gone meanwhile is not abandoned; one that holds no pid is. */
async function isAbandoned(path: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch((error: unknown) => ((error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : ''));
  if (holder === undefined) return false;
  const pid = Number(holder);
  return !Number.isInteger(pid) || pid <= 0 || !isAlive(pid);
}
