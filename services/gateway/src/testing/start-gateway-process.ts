import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../', import.meta.url));

interface ListeningLine {
  message?: string;
  ports?: { http: number };
}

/** The gateway as its own process, as `npm start` runs it, on a free port. Ended when the test is over. */
export async function startGatewayProcess(environment: Record<string, string>): Promise<{ origin: string }> {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: FOLDER, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { message, ports } = JSON.parse(line) as ListeningLine;
    if (message !== 'listening' || ports === undefined) continue;
    child.stdout.resume();
    return { origin: `http://127.0.0.1:${ports.http}` };
  }
  throw new Error('the gateway ended before it listened');
}
