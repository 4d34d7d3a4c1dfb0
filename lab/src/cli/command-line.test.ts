import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { inheritedEnvironment } from '../environment.ts';

const PROGRAM = new URL('../../bin/doubleshot.js', import.meta.url).pathname;

async function doubleshot(commandLine: readonly string[], env: Record<string, string> = {}): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...commandLine], { env: { ...inheritedEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, output, errors };
}

test('when help is asked for, then every command is listed', async () => {
  const { code, output } = await doubleshot(['--help']);
  expect(code).toBe(0);
  const listed = [...output.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
  expect(listed.sort()).toEqual(['audit', 'compare', 'demo', 'down', 'faults', 'kind', 'load', 'logs', 'replay', 'status', 'trace', 'up']);
});

test.each([
  [['froth'], {}, /unknown command "froth"/],
  [['demo', '--fast'], {}, /unknown option '--fast'/],
  [['load', '--orders', 'many'], {}, /whole number from 1 up/],
  [['load', '--rate', '0'], {}, /number above 0/],
  [['load', '--url', 'localhost'], {}, /--url must be an http address/],
  [['audit', '--topology', 'gateway'], {}, /leaves out auth, orders, notifications/],
  [['audit'], { TOPOLOGY: 'gateway' }, /leaves out auth, orders, notifications/],
  [['up'], { BACKENDS: 'containers', TOPOLOGY: 'gateway+auth | orders+notifications' }, /BACKENDS=containers runs monolith, microservices or both/],
  [['demo'], { BACKENDS: 'containers' }, /`doubleshot demo` runs on BACKENDS=embedded alone/],
  [['audit'], { BACKENDS: 'containers' }, /`doubleshot audit` runs on BACKENDS=embedded alone/],
  [['compare', '--topology', 'monolith'], {}, /a comparison needs two brews, not "monolith" alone/],
  [['compare', '--quick', '--full'], {}, /'--quick' cannot be used with option '--full'/],
  [['compare', '--quick', '--only', 'saturation'], {}, /saturation is not in this form; leave out --quick/],
  [['compare', '--quick', '--only', 'taxes'], {}, /taxes is not in this form; leave out --quick/],
  [['compare', '--only', 'scaling'], {}, /scaling is not in this form; add --full/],
  [['compare', '--backends', 'containers', '--only', 'changes'], {}, /changes is measured on embedded backends alone/],
  [['compare', '--only', 'beans'], {}, /there is no section "beans"/],
  [['compare', '--against', 'nowhere.json'], {}, /--against: nowhere.json could not be read as JSON/],
  [['compare', '--prices', 'package.json'], {}, /--prices: package.json is not a price table/],
  [['compare', '--backends', 'containers', '--topology', 'monolith', '--topology', 'monolith'], {}, /in containers each brew can be named once/],
  [['faults', '--only', 'F5,F99'], {}, /there is no fault "F99"; there are F1, /],
  [['faults', '--backends', 'paper'], {}, /must be embedded or containers, not "paper"/],
  [['faults', '--topology', 'gateway+auth | orders+notifications'], { BACKENDS: 'containers' }, /BACKENDS=containers runs monolith, microservices or both/],
  [['up', '--topology', 'none'], {}, /unknown topology "none"/],
  [['up'], { MONO_PORT: 'x' }, /MONO_PORT must be a port number/],
  [['replay'], {}, /missing required argument 'source'/],
])('when the command line is %o with %o, then one line says why and the exit code is 2', async (commandLine, env, message) => {
  const { code, errors } = await doubleshot(commandLine, env);
  expect(errors).toMatch(message);
  expect({ code, lines: errors.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
});
