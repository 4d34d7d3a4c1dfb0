#!/usr/bin/env node
// Runs on any Node from 20 up and hands over to the Node that the packages brought along when this one is too old for TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FIRST_MAJOR_WITH_TYPESCRIPT = 24;
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const pinned = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

if (!existsSync(pinned)) {
  console.error('doubleshot: the packages are not installed: run `make install` or `npm ci` in this clone first.');
  process.exitCode = 1;
} else if (Number(process.versions.node.split('.')[0]) >= FIRST_MAJOR_WITH_TYPESCRIPT) {
  await import(main);
} else {
  // A session of its own, so that Ctrl-C arrives once, from here; the channel tells it when this process is gone.
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 1);
    if (process.connected) process.disconnect();
  });
}
