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
