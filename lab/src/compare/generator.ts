import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { GeneratorMessage, type GeneratorJob, type GeneratorResult } from './generator-protocol.ts';

/** A process of its own that makes requests. */
export interface Generator {
  run(job: Omit<GeneratorJob, 'id'>): Promise<GeneratorResult>;
  /** Ends the process. Idempotent. */
  close(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('./generator-process.ts', import.meta.url));

export function startGenerator(): Generator {
  const child = fork(PROGRAM, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  const waiting = new Map<number, PromiseWithResolvers<GeneratorResult>>();
  let jobs = 0;
  child.on('message', (message) => {
    const answer = GeneratorMessage.parse(message);
    const job = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failure' in answer) job?.reject(new Error(`the load generator failed: ${answer.failure}`));
    else job?.resolve(answer);
  });
  child.on('exit', () => {
    for (const job of waiting.values()) job.reject(new Error('the load generator ended'));
    waiting.clear();
  });
  return {
    run(job) {
      const id = (jobs += 1);
      const answer = Promise.withResolvers<GeneratorResult>();
      waiting.set(id, answer);
      child.send({ id, ...job });
      return answer.promise;
    },
    async close() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
