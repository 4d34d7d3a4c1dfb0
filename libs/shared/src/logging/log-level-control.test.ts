import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogLevelControl } from './log-level-control.ts';
import { createLogger, type Logger } from './logger.ts';

beforeEach(() => { vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }); });
afterEach(() => { vi.useRealTimers(); });

function recording(): { logger: Logger; messages: string[] } {
  const messages: string[] = [];
  const destination = { write: (line: string) => void messages.push((JSON.parse(line) as { message: string }).message) };
  return { logger: createLogger({ service: 'test', level: 'info', destination }), messages };
}

test('when a level is set for a while, then it falls back to the one that was set for good', () => {
  const { logger } = recording();
  const control = createLogLevelControl(logger);
  control.set('warn');
  control.set('trace', 30);
  expect(control.state()).toEqual({ level: 'trace', until: '2026-01-01T00:00:30.000Z', then: 'warn' });
  control.set('debug', 60);
  expect(control.state()).toEqual({ level: 'debug', until: '2026-01-01T00:01:00.000Z', then: 'warn' });
  vi.advanceTimersByTime(59_999);
  expect(logger.level).toBe('debug');
  vi.advanceTimersByTime(1);
  expect([logger.level, control.state()]).toEqual(['warn', { level: 'warn' }]);
});

test('when a level is set for good meanwhile, then it stays', () => {
  const { logger } = recording();
  const control = createLogLevelControl(logger);
  control.set('debug', 30);
  control.set('error');
  vi.advanceTimersByTime(60_000);
  expect([logger.level, control.state()]).toEqual(['error', { level: 'error' }]);
});

test('when debug is toggled, then it stays until it is toggled again, and a passing level ends', () => {
  const { logger } = recording();
  const control = createLogLevelControl(logger);
  control.toggleDebug();
  vi.advanceTimersByTime(86_400_000);
  expect(control.state()).toEqual({ level: 'debug', then: 'info' });
  control.toggleDebug();
  expect(control.state()).toEqual({ level: 'info' });
  control.set('trace', 30);
  control.toggleDebug();
  expect(logger.level).toBe('info');
});

test('when the level changes, then it is said once, by the more talkative level', () => {
  const { logger, messages } = recording();
  const control = createLogLevelControl(logger);
  control.set('silent');
  control.set('debug');
  control.set('warn');
  control.set('error');
  expect(messages).toEqual(['log level changed', 'log level changed', 'log level changed']);
});
