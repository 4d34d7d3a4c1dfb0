import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Database } from '../../database/index.ts';
import { createEventLogTrimmer } from './event-log-trimmer.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test('the log is trimmed every minute; a failure is told, and the next minute tries again', async () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => { lines.push((JSON.parse(line) as { msg: string }).msg); } });
  let statements = 0;
  const database = { query: () => ((statements += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve([])) } as unknown as Database;
  const trimmer = createEventLogTrimmer({ database, logger });
  trimmer.start();
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  await trimmer.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([statements, lines]).toEqual([2, ['old records of the event log could not be deleted']]);
});
