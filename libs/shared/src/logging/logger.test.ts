import { expect, test } from 'vitest';
import { createLogger, setLogLevel, type Logger } from './logger.ts';

function recording(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { logger: createLogger({ service: 'test', level: 'info', destination }), lines };
}

test('a line is ECS JSON with the name of the service', () => {
  const { logger, lines } = recording();
  logger.warn({ err: new Error('broken') }, 'something');
  expect(lines).toEqual([
    expect.objectContaining({
      'log.level': 'warn',
      'service.name': 'test',
      'service.namespace': 'doubleshot',
      'service.version': expect.any(String) as string,
      'ecs.version': expect.any(String) as string,
      '@timestamp': expect.any(String) as string,
      message: 'something',
      error: expect.objectContaining({ type: 'Error', message: 'broken' }) as object,
    }),
  ]);
});

test('secrets and addresses of people never reach a line, however deep they lie', () => {
  const { logger, lines } = recording();
  const given = { people: [{ name: 'Ann', email: 'hunter2' }] };
  logger.info(given, 'list');
  expect(lines.pop()).toMatchObject({ people: [{ name: 'Ann', email: '[redacted]' }] });
  expect(given.people[0]?.email).toBe('hunter2');
  logger.info({ password: 'hunter2', user: { email: 'hunter2', refreshToken: 'hunter2' }, request: { headers: { authorization: 'hunter2', 'set-cookie': 'hunter2' } } }, 'x');
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain('hunter2');
});

test.each([
  ['an address in the words of a mail server', { err: new Error('550 <ada@customers.example> is unknown') }],
  ['an address in a path', { url: { path: '/api/v1/users/ada%40customers.example' } }],
  ['an address in a list', { reason: ['not JSON: "ada@customers.example" is no number'] }],
  ['an access token', { reason: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.hunter2 was given' }],
  ['an Authorization header', { reason: 'authorization: Bearer hunter2' }],
  ['the password of a URL', { err: new Error('cannot reach postgres://shop:hunter2@127.0.0.1:5432/orders') }],
])('%s, where other programs put it into a text, never reaches a line', (_, fields) => {
  const { logger, lines } = recording();
  logger.warn(fields, 'x');
  const text = JSON.stringify(lines);
  expect(text).toContain('[redacted]');
  expect(text).not.toMatch(/hunter2|ada(@|%40)/);
});

test.each<[string, (logger: Logger) => void]>([
  ['a message', (logger) => { logger.warn({}, 'cannot reach amqp://shop:hunter2@rabbitmq:5672'); }],
  ['a message without fields', (logger) => { logger.warn('cannot reach amqp://shop:hunter2@rabbitmq:5672'); }],
  ['what is put into a message', (logger) => { logger.warn('of %s: %j', 'ada@customers.example', { token: 'hunter2' }); }],
  ['an error alone', (logger) => { logger.warn(new Error('550 <ada@customers.example> is unknown')); }],
  ['an error without a message', (logger) => { logger.warn({ err: new Error('550 <ada@customers.example> is unknown') }); }],
  ['an error under another name', (logger) => { logger.warn({ cause: Object.assign(new Error('refused'), { response: '550 <ada@customers.example> is unknown' }) }, 'x'); }],
  ['the fields of a child', (logger) => { logger.child({ email: 'hunter2', about: 'ada@customers.example' }).warn('x'); }],
  ['the fields of a child of a child, with a level of its own', (logger) => { logger.child({ module: 'a' }).child({ token: 'hunter2' }, { level: 'debug' }).debug('[redacted]'); }],
  ['a field written otherwise', (logger) => { logger.warn({ Authorization: 'hunter2', 'user.email': 'hunter2', refresh_token: 'hunter2', headers: { 'Set-Cookie': 'hunter2' } }, 'x'); }],
])('a secret in %s never reaches a line', (_, log) => {
  const { logger, lines } = recording();
  log(logger);
  const text = JSON.stringify(lines);
  expect(lines).toHaveLength(1);
  expect(text).toContain('[redacted]');
  expect(text).not.toMatch(/hunter2|ada@/);
});

test('a message is that of its error where none is given, and its parts are put in', () => {
  const { logger, lines } = recording();
  logger.warn(new Error('broken'));
  logger.warn({ err: new Error('broken') });
  logger.warn('%s of %d', 'one', 2);
  logger.warn({ order: { id: 'o1' } });
  expect(lines.map(({ message }) => message)).toEqual(['broken', 'broken', 'one of 2', undefined]);
});

test('what is no secret stays, however long the text', () => {
  const { logger, lines } = recording();
  logger.info({ reason: 'menu@2 at http://orders:8080/a, order 019aaf00-0000-7000-8000-000000000001' }, 'x');
  expect(lines.pop()).toMatchObject({ reason: 'menu@2 at http://orders:8080/a, order 019aaf00-0000-7000-8000-000000000001' });
  const long = `${'a'.repeat(100_000)} @ ${'b'.repeat(100_000)}`;
  logger.info({ reason: long }, 'x');
  expect(lines.pop()).toMatchObject({ reason: long });
});

test('an object that refers to itself is logged all the same', () => {
  const { logger, lines } = recording();
  const loop: Record<string, unknown> = { password: 'hunter2' };
  loop['self'] = loop;
  logger.info({ loop }, 'x');
  expect(lines).toHaveLength(1);
});

test('a change of level reaches the logger, its children and theirs', () => {
  const { logger, lines } = recording();
  const child = logger.child({ module: 'a' });
  const grandchild = child.child({ part: 'b' });
  grandchild.debug('not written');
  setLogLevel(logger, 'debug');
  for (const one of [logger, child, grandchild]) one.debug('written');
  setLogLevel(logger, 'silent');
  for (const one of [logger, child, grandchild]) one.fatal('not written');
  expect(lines.map(({ message }) => message)).toEqual(['written', 'written', 'written']);
});
