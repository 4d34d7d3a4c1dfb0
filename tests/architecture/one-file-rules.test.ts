import { ESLint } from 'eslint';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { ROOM_RULES } from '../../eslint.rooms.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULE = 'services/orders/src/placing/probe.ts';
const SHARED = 'libs/shared/src/messaging/probe.ts';
const LAB = 'lab/src/load/probe.ts';
const GATEWAY = 'services/gateway/src/proxy/probe.ts';
const RUNTIME = 'libs/shared/src/runtime/probe.ts';

const eslint = new ESLint({
  cwd: ROOT,
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...ROOM_RULES],
});

async function complaints(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(ROOT, path) });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('what one file may not do', () => {
  test.each([
    ['the environment is read in a service', MODULE, `export const port = (): unknown => process.env.PORT;`, /^Read the environment/],
    ['the environment is read in a shared room', SHARED, `export const port = (): unknown => process['env'];`, /^Read the environment/],
    ['the environment is taken apart', LAB, `export function port(): unknown { const { env } = process; return env; }`, /^Read the environment/],
    ['process is imported', MODULE, `import { env } from 'node:process';\nexport const e = env;`, /^Use the global process/],
    ['a module ends the process', MODULE, `export function stop(): void { process.exit(1); }`, /end a process/],
    ['a main file ends the process', 'services/orders/src/main.ts', `process.exit(1);`, /end a process/],
    ['a module listens to a signal', SHARED, `export function watch(): void { process.once('SIGTERM', () => undefined); }`, /listen to signals/],
    ['a module listens to a signal it computes', MODULE, `export function watch(): void { for (const signal of ['SIGTERM']) process.on(signal, () => undefined); }`, /listen to signals/],
    ['a module listens to a signal first', SHARED, `export function watch(): void { process.prependListener('SIGINT', () => undefined); }`, /listen to signals/],
    ['a module ends the process by a computed name', MODULE, `export function stop(): void { process['exit'](1); }`, /end a process/],
    ['a module hands on how to end the process', LAB, `export const stop = (): unknown => ({ stop: process.exit });`, /end a process/],
    ['a module takes the process apart', MODULE, `export function stop(): void { const { exit } = process; exit(1); }`, /^Use the global process/],
    ['a module gives the process another name', SHARED, `export function stop(): void { const self = process; self.exit(1); }`, /^Use the global process/],
    ['a module asks the process for a name it computes', SHARED, `export const ask = (name: 'env'): unknown => process[name];`, /^Use the global process/],
    ['a module ends the process by way of the global object', MODULE, `export function stop(): void { globalThis.process.exit(1); }`, /^Use the global process/],
    ['the runtime reads the environment by way of the global object', RUNTIME, `export const port = (): unknown => globalThis.process.env.PORT;`, /^Use the global process/],
    ['the command line reads the environment by way of the global object', 'lab/src/cli/probe.ts', `export const port = (): unknown => globalThis['process'].env.PORT;`, /^Use the global process/],
    ['a script takes the process apart', 'scripts/probe.ts', `const { exit } = process;\nexit(1);`, /^Use the global process/],
    ['a script ends the process', 'scripts/probe.ts', `process.exit(1);`, /end a process/],
    ['a program of the lab reads the environment', 'lab/src/compare/write-schema.ts', `await write(process.env.TARGET);`, /^Read the environment/],
    ['a program of the lab ends the process', 'lab/src/compare/write-schema.ts', `process.exit(1);`, /end a process/],
    ['a bench reads the environment', 'lab/bench/probe.ts', `await run(process.env.ROUNDS);`, /^Read the environment/],
    ['a bench ends the process', 'lab/bench/probe.ts', `process.exit(1);`, /end a process/],
    ['a file calls something at import', MODULE, `start();\nfunction start(): void { return; }`, /^Nothing happens at import/],
    ['a file waits at import', LAB, `export const page = await load();`, /^Nothing is waited for at import/],
    ['a file starts a timer at import', SHARED, `export const timer = setInterval(() => undefined, 10);`, /^No timer, socket/],
    ['a file opens a server at import', SHARED, `const server = http.createServer();\nexport { server };`, /^No timer, socket/],
    ['a file opens a pool at import', SHARED, `export const pool = new Pool();`, /^No connection at import/],
    ['a file opens a pool of a namespace at import', SHARED, `export const pool = new pg.Pool();`, /^No connection at import/],
    ['a file opens a socket at import', LAB, `const socket = new net.Socket();\nexport { socket };`, /^No connection at import/],
    ['a file makes something at import and drops it', SHARED, `new Consumer();`, /^Nothing happens at import/],
    ['a file reads the environment at import', SHARED, `export const env = readEnvironment();`, /^Nothing of the environment/],
    ['a file reads one variable at import', LAB, `const port = Number(readEnvironment()['PORT']);\nexport { port };`, /^Nothing of the environment/],
    ['an object holds a timer at import', MODULE, `export const state = { timer: setInterval(() => undefined, 10) };`, /^No timer, socket/],
    ['a class holds a timer at import', MODULE, `export class Shop { static timer = setInterval(() => undefined, 10); }`, /^No timer, socket/],
    ['a class does something at import', MODULE, `export class Shop { static { globalThis.setTimeout(() => undefined, 10); } }`, /^No timer, socket/],
    ['a list starts timers at import', SHARED, `export const timers = [1].map(() => setTimeout(() => undefined, 10));`, /^No timer, socket/],
    ['a function is called where it stands', SHARED, `export const one = (() => start())();`, /^Nothing happens at import/],
    ['a file waits deep in an expression at import', LAB, `export const page = { text: await load() };`, /^Nothing is waited for at import/],
    ['a file decides at import', MODULE, `if (Math.random() > 2) start();`, /^Nothing happens at import/],
    ['a file loops at import', LAB, `for (const name of ['a']) start(name);`, /^Nothing happens at import/],
    ['a module asks which broker it has', MODULE, `export const fast = (url: string): boolean => url.startsWith('kafka:');`, /neither which broker/],
    ['a module asks which topology it is in', MODULE, `export const one = (settings: { topology: string }): boolean => settings.topology === 'x';`, /neither which broker/],
    ['a module asks whether its log is in the process', MODULE, `export const alone = (url: string): boolean => url === 'in-process:';`, /neither which broker/],
    ['a module names the folder of an adapter', MODULE, `export const folder = 'in_process';`, /neither which broker/],
    ['a module asks for the database by its scheme', MODULE, `export const same = (url: string): boolean => url.startsWith('postgres://');`, /neither which broker/],
    ['a module asks for the longer scheme', MODULE, `export const scheme = 'postgresql:';`, /neither which broker/],
    ['a module asks in a template', MODULE, `export const is = (url: string, port: number): boolean => url.startsWith(\`kafka:\${port}\`);`, /neither which broker/],
    ['a module asks what an adapter declares', MODULE, `export const shared = (log: { features: { multiProcess: boolean } }): boolean => log.features.multiProcess;`, /neither which broker/],
    ['a module asks which modules are beside it', MODULE, `export const modules = (settings: { MODULES: string[] }): string[] => settings.MODULES;`, /neither which broker/],
    ['a module asks where its log is', MODULE, `export const url = (settings: { EVENT_LOG_URL: string }): string => settings.EVENT_LOG_URL;`, /neither which broker/],
    ['a module asks where its queue is', MODULE, `export const url = (settings: Record<string, string>): string | undefined => settings['TASK_QUEUE_URL'];`, /neither which broker/],
    ['the configuration of a tool reads the environment', 'probe.config.ts', `export const required = process.env['REQUIRED'];`, /^Read the environment/],
    ['a program of the deployment reads the environment', 'deploy/k8s/probe.ts', `await plan(process.env.LAYERS);`, /^Read the environment/],
    ['a script reads the environment', 'scripts/probe.ts', `const required = process.env['REQUIRED'];\nexport { required };`, /^Read the environment/],
    ['the runtime does something at import', RUNTIME, `listen();\nfunction listen(): void { return; }`, /^Nothing happens at import/],
    ['the runtime starts a timer at import', RUNTIME, `export const timer = setInterval(() => undefined, 10);`, /^No timer, socket/],
    ['the runtime reads the environment', RUNTIME, `export const port = (): unknown => process.env.PORT;`, /^Read the environment/],
    ['the gateway fetches', GATEWAY, `export const ask = (url: string): unknown => fetch(url);`, /^fetch costs/],
    ['the gateway fetches by way of the global object', GATEWAY, `export const ask = (url: string): unknown => globalThis.fetch(url);`, /^fetch costs/],
    ["the gateway imports another's fetch", GATEWAY, `import { fetch as ask } from 'undici';\nexport const answer = (url: string): unknown => ask(url);`, /^fetch costs/],
    ['the gateway names a broker', GATEWAY, `export const fast = (url: string): boolean => url.startsWith('kafka:');`, /neither which broker/],
    ['a module names the monolith', MODULE, `export const isMonolith = true;`, /neither which broker/],
  ])('when %s, then a rule says so', async (_, path, code, message) => {
    expect(await complaints(path, code)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  test.each([
    ['the environment is read in its own file', 'libs/shared/src/config/environment.ts', `export const read = (): unknown => process.env;`],
    ['the environment of the lab is read in its own file', 'lab/src/environment.ts', `export const read = (): unknown => process.env;`],
    ['the runtime ends the process', 'libs/shared/src/runtime/probe.ts', `export function end(): void { process.exit(1); }`],
    ['a script ends with an exit code', 'scripts/probe.ts', `process.exitCode = await main();`],
    ['a script listens to a signal', 'scripts/probe.ts', `process.on('SIGINT', () => undefined);`],
    ['a program of the lab takes messages', 'lab/src/compare/generator/generator-process.ts', `process.on('message', () => undefined);`],
    ['a bench calls what it has', 'lab/bench/probe.ts', `await run(process.argv[2], process.execPath);`],
    ['the lab calls a process of a shop by its kind', LAB, `export const pids = (all: { pid: number }[]): number[] => all.map((process) => process.pid);`],
    ['the gateway dispatches', GATEWAY, `import { Pool } from 'undici';\nexport const open = (origin: string): Pool => new Pool(origin);`],
    ['the command line listens to a signal', 'lab/src/cli/probe.ts', `export function watch(): void { process.on('SIGINT', () => undefined); }`],
    ['a main file starts its process', 'services/orders/src/main.ts', `await runProcess({ name: 'orders' });`],
    ['a shared adapter names its broker', SHARED, `export const scheme = 'kafka:';`],
    ['a class starts a timer when it is made', MODULE, `export class Shop { timer = setInterval(() => undefined, 10); }`],
    ['a list of functions is made at import', SHARED, `export const names = ['a'].map((name) => name.toUpperCase());`],
    ['a list of schemas is made at import', MODULE, `export const Shape = z.object({ port: z.string().transform((text) => Number(text)) });`],
    ['a module starts a timer in a function', MODULE, `export function start(): unknown { return setInterval(() => undefined, 10); }`],
    ['a module speaks of modules and tables', MODULE, `export const modules = ['postgres', 'process'];\nexport const text = \`in \${modules.length} modules\`;`],
    ['a module explains itself in prose', MODULE, `export const text = 'The same whether it runs as a monolith or not.';`],
  ])('when %s, then no rule minds', async (_, path, code) => {
    expect(await complaints(path, code)).toEqual([]);
  });
});
