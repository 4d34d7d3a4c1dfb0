import { spawn } from 'node:child_process';
import { readEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { createUndo } from '../topology/undo.ts';
import { CONTEXT } from './cluster.ts';

export interface Forwarded {
  namespace: string;
  service: string;
  port: number;
}

const STARTS_WITHIN_MS = 20_000;

/** Lets `use` speak to a Service of the cluster at an origin of this machine, and takes that back afterwards. */
export async function withPortForward<Result>({ namespace, service, port }: Forwarded, use: (origin: string) => Promise<Result>): Promise<Result> {
  const child = spawn('kubectl', ['--context', CONTEXT, 'port-forward', '--namespace', namespace, '--address', '127.0.0.1', `service/${service}`, `:${port}`], { env: readEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const undo = createUndo();
  undo.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
  });
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      let said = '';
      const listen = (text: string): void => {
        said += text;
        const local = /Forwarding from 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (local !== undefined) resolve(`http://127.0.0.1:${local}`);
      };
      child.stdout.setEncoding('utf8').on('data', listen);
      child.stderr.setEncoding('utf8').on('data', listen);
      const fail = (): void => { reject(new LabError(`kubectl port-forward to ${namespace}/${service} did not begin: ${said.trim() === '' ? 'it said nothing' : said.trim()}`)); };
      child.on('error', fail);
      child.on('close', fail);
      setTimeout(fail, STARTS_WITHIN_MS).unref();
    });
    return await use(origin);
  } finally {
    await undo.run();
  }
}
