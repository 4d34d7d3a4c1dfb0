import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/** A file with the pid of whoever builds. Waits for another build and says so; takes over from one that died. Answers how to let go. */
export async function lockBuild(path: string, onProgress: (message: string) => void): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, String(process.pid));
  try {
    let told = false;
    while (!(await claim(draft, path))) {
      if (await isAbandoned(path)) {
        await rm(path, { recursive: true, force: true });
        continue;
      }
      if (!told) onProgress('waiting for another build');
      told = true;
      await sleep(POLL_MS);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

/** A link comes with its content: nobody ever sees a lock without a pid. */
async function claim(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether nobody is building any more. A lock that is gone meanwhile is not abandoned; one that holds no pid is. */
async function isAbandoned(path: string): Promise<boolean> {
  const holder = await readFile(path, 'utf8').catch((error: unknown) => ((error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : ''));
  if (holder === undefined) return false;
  const pid = Number(holder);
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
