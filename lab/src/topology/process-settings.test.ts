import { expect, test } from 'vitest';
import { parseTopology } from './parse-topology.ts';
import { databasesOf, fittingMessaging, processSettings, type Messaging, type ShopSettings } from './process-settings.ts';

function settingsOf(text: string, overrides: ShopSettings['overrides'] = {}, messaging?: Messaging): Record<string, Record<string, string>> {
  const topology = parseTopology(text);
  const shop: ShopSettings = {
    topology,
    ports: new Map(topology.processes.map(({ name }, index) => [name, { http: 100 + index, ops: 200 + index }])),
    databaseUrl: (database) => `postgres://server/${database}`,
    messaging: messaging ?? fittingMessaging(topology),
    smtpUrl: 'smtp://receiver',
    otlpUrl: 'http://receiver',
    staff: { email: 'staff@doubleshot.example', password: 'secret' },
    signingKeySecret: 'random',
    overrides,
  };
  return Object.fromEntries(topology.processes.map((group) => [group.name, processSettings(group, shop)]));
}

test('when all modules share a process, then messages stay in it and no upstream is named', () => {
  const { monolith } = settingsOf('monolith');
  expect(monolith).toMatchObject({ EVENT_LOG_URL: 'in-process:', TASK_QUEUE_URL: 'in-process:', DATABASE_URL: 'postgres://server/monolith', MODULES: 'gateway,auth,orders,notifications' });
  expect(Object.keys(monolith ?? {})).not.toContain('AUTH_URL');
});

test('when messages of one process are to leave it, then it has a database for them', () => {
  const { monolith } = settingsOf('monolith', {}, 'postgres');
  expect(monolith).toMatchObject({ EVENT_LOG_URL: 'postgres://server/messaging', TASK_QUEUE_URL: 'postgres://server/messaging' });
  expect(databasesOf(parseTopology('monolith'), '', 'postgres')).toEqual(['monolith', 'messaging']);
});

test('when each module has a process, then each has its database, all share one for messages, and the gateway has none', () => {
  const { gateway, orders } = settingsOf('microservices');
  expect(gateway).toMatchObject({ AUTH_URL: 'http://127.0.0.1:101', ORDERS_URL: 'http://127.0.0.1:102', NOTIFICATIONS_URL: 'http://127.0.0.1:103' });
  expect(Object.keys(gateway ?? {})).not.toContain('DATABASE_URL');
  expect(orders).toMatchObject({ DATABASE_URL: 'postgres://server/orders', EVENT_LOG_URL: 'postgres://server/messaging', AUTH_URL: 'http://127.0.0.1:101' });
  expect(databasesOf(parseTopology('microservices'), 'micro_')).toEqual(['micro_auth', 'micro_orders', 'micro_notifications', 'micro_messaging']);
});

test('when modules are grouped, then only those of other processes are named by origin', () => {
  const settings = settingsOf('gateway+auth | orders+notifications');
  expect(settings['gateway+auth']).toMatchObject({ MODULES: 'gateway,auth', DATABASE_URL: 'postgres://server/gateway_auth', ORDERS_URL: 'http://127.0.0.1:101', OTEL_SERVICE_NAME: 'gateway+auth' });
  expect(Object.keys(settings['gateway+auth'] ?? {})).not.toContain('AUTH_URL');
  expect(settings['orders+notifications']).toMatchObject({ AUTH_URL: 'http://127.0.0.1:100' });
});

test('when a variable is overridden, then the lab’s own value gives way, and undefined removes it', () => {
  const { monolith } = settingsOf('monolith', { BREW_TIME_SCALE: '0', OTEL_EXPORTER_OTLP_ENDPOINT: undefined });
  expect(monolith).toMatchObject({ BREW_TIME_SCALE: '0' });
  expect(Object.keys(monolith ?? {})).not.toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
});
