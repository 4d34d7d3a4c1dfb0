import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../paths.ts';
import { MESSAGING_DATABASE } from '../topology/process-settings.ts';
import { arrangementsOf } from './arrangements.ts';
import { containerProjectsOf, type ContainerProject } from './container-projects.ts';
import { requestsOf } from './run-comparison.ts';

const USUAL = ['postgres', 'redis', 'nginx'];
const WITH_BROKERS = [...USUAL, 'kafka', 'rabbitmq'];

const namesOf = ({ requests }: ContainerProject): string[] => requests.map(({ name }) => name);

test('when brews are compared in containers, then they share engines, and the monolith is not billed for brokers', () => {
  const projects = containerProjectsOf(requestsOf(['monolith', 'microservices']));
  expect(projects.map(namesOf)).toEqual([['monolith', 'microservices']]);
  expect([1, 4].map((processes) => projects[0]?.enginesOf(processes))).toEqual([USUAL, WITH_BROKERS]);
  expect(projects[0]?.options).not.toHaveProperty('files');
});

test('when taxes are measured, then a monolith on brokers and microservices on PostgreSQL run beside both, on engines of their own', () => {
  const [usual, onBrokers, onPostgres, ...more] = containerProjectsOf(arrangementsOf('containers'));
  expect([usual, onBrokers, onPostgres].map((project) => namesOf(project!))).toEqual([['monolith', 'microservices'], ['monolith, messages outside'], ['microservices, messages over PostgreSQL']]);
  expect(more).toEqual([]);
  expect(onBrokers?.options).toMatchObject({ allAdapters: true, further: ['kafka', 'rabbitmq'], env: { MONOLITH_EVENT_LOG_URL: 'kafka://kafka:19092', MONOLITH_TASK_QUEUE_URL: expect.stringMatching(/^amqp:\/\/doubleshot:[0-9a-f]{32}@rabbitmq:5672$/) } });
  expect(onBrokers?.options.env?.['MONOLITH_TASK_QUEUE_URL']).toContain(`:${onBrokers?.options.env?.['RABBITMQ_PASSWORD'] ?? ''}@`);
  expect(onBrokers?.enginesOf(1)).toEqual(WITH_BROKERS);
  expect(onPostgres?.options).toMatchObject({ files: ['on-postgres.yaml'] });
  expect(onPostgres?.options).not.toHaveProperty('further');
  expect(onPostgres?.enginesOf(4)).toEqual(USUAL);
  expect([usual, onBrokers, onPostgres].map((project) => project?.messages)).toEqual(['in-process', 'in-process', 'postgres']);
});

test.each([
  ['microservices', 'brokers', 'there are no containers of 4 processes for messages over brokers'],
  ['monolith', 'postgres', 'there are no containers of 1 processes for messages over postgres'],
] as const)('when %s are asked for with messages over %s, for which there is no file, then nothing is started', (topology, messaging, message) => {
  expect(() => containerProjectsOf([{ name: topology, topology, messaging }])).toThrow(message);
});

interface Composed { services: Record<string, { environment?: Record<string, string>; depends_on?: Record<string, unknown>; volumes?: string[] }> }
const textOf = (path: string): string => readFileSync(join(ROOT, 'deploy/docker', path), 'utf8');
// Of tags that are compose's own nothing is known here.
const servicesOf = (path: string): Composed['services'] => (parse(textOf(path), { merge: true, logLevel: 'error' }) as Composed).services;

test('when on-postgres.yaml is laid over compose.yaml, then whoever uses brokers there uses a database that is created, and waits for no broker', () => {
  const [usual, over] = [servicesOf('compose.yaml'), servicesOf('on-postgres.yaml')];
  const onBrokers = Object.keys(usual).filter((name) => usual[name]?.environment?.['EVENT_LOG_URL']?.startsWith('kafka:'));
  expect(onBrokers).toEqual(['auth', 'orders', 'notifications']);
  expect(Object.keys(over)).toEqual(['postgres', ...onBrokers]);
  for (const name of onBrokers) {
    for (const variable of ['EVENT_LOG_URL', 'TASK_QUEUE_URL']) expect(over[name]?.environment?.[variable]).toMatch(new RegExp(`^postgres://postgres:.*@postgres:5432/${MESSAGING_DATABASE}$`));
    expect(Object.keys(over[name]?.depends_on ?? {})).toEqual(Object.keys(usual[name]?.depends_on ?? {}).filter((engine) => engine !== 'kafka' && engine !== 'rabbitmq'));
  }
  // Without it, compose adds to what is waited for.
  expect(textOf('on-postgres.yaml').match(/depends_on: !override$/gm)).toHaveLength(onBrokers.length);
  expect(over['postgres']?.volumes).toEqual(['./postgres/messaging.sql:/docker-entrypoint-initdb.d/messaging.sql:ro']);
  expect(textOf('postgres/messaging.sql')).toContain(`CREATE DATABASE ${MESSAGING_DATABASE};`);
});
