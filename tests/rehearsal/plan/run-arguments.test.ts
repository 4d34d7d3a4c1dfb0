import { expect, test } from 'vitest';
import type { PlannedContainer } from './planned-container.ts';
import { runArguments } from './run-arguments.ts';

const PLAN: PlannedContainer = {
  name: 'shop/orders-0: process',
  image: 'doubleshot/orders:dev',
  command: undefined,
  args: ['--verbose'],
  variables: { PORT: '8080' },
  mounts: [
    { volume: 'secrets', path: '/run/secrets/doubleshot', file: undefined, isReadOnly: true },
    { volume: 'scripts', path: '/start.sh', file: 'start.sh', isReadOnly: true },
  ],
  user: 1_000,
  group: 1_001,
  furtherGroup: 1_002,
  memoryMiB: 288,
  isReadOnly: true,
  mayGainPrivileges: false,
  dropped: ['ALL'],
  added: ['CHOWN'],
  stopTimeoutS: 35,
  probes: {},
};
const ROLE = { hostname: 'orders-0', names: ['orders', 'orders.shop'], published: [8_080] };
const AROUND = { network: 'rehearsal-1', label: 'rehearsal=1', volumeOf: (name: string) => `rehearsal-1-${name}`, fileOf: (volume: string, file: string) => `/tmp/${volume}/${file}` };

test('a container is run with every constraint of its pod, in the network under its names', () => {
  expect(runArguments(PLAN, ROLE, AROUND)).toEqual([
    'run', '--detach', '--label=rehearsal=1', '--hostname=orders-0', '--network=rehearsal-1', '--network-alias=orders', '--network-alias=orders.shop', '--publish=127.0.0.1::8080',
    '--restart=no', '--stop-timeout=35', '--pull=missing',
    '--user=1000:1001', '--group-add=1002', '--read-only', '--security-opt=no-new-privileges', '--cap-drop=ALL', '--cap-add=CHOWN', '--memory=288m', '--memory-swap=288m',
    '--env=PORT=8080',
    '--mount=type=volume,src=rehearsal-1-secrets,volume-nocopy,dst=/run/secrets/doubleshot,readonly',
    '--mount=type=bind,src=/tmp/scripts/start.sh,dst=/start.sh,readonly',
    'doubleshot/orders:dev', '--verbose',
  ]);
});

test('nothing is constrained that its pod does not constrain', () => {
  const free = { ...PLAN, user: undefined, group: undefined, furtherGroup: undefined, isReadOnly: false, mayGainPrivileges: true, dropped: [], added: [], mounts: [], variables: {} };
  expect(runArguments(free, { ...ROLE, published: [] }, AROUND).slice(7)).toEqual(['--restart=no', '--stop-timeout=35', '--pull=missing', '--memory=288m', '--memory-swap=288m', 'doubleshot/orders:dev', '--verbose']);
});

test('a command takes the place of the image\'s own', () => {
  expect(runArguments({ ...PLAN, command: ['sh', '-c'], args: ['true'] }, ROLE, AROUND).slice(-4)).toEqual(['--entrypoint=sh', 'doubleshot/orders:dev', '-c', 'true']);
});

test('a group without a user is refused', () => {
  expect(() => runArguments({ ...PLAN, user: undefined }, ROLE, AROUND)).toThrow('shop/orders-0: process: it names a group and no user');
});
