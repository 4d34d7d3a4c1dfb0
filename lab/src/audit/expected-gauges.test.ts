import { expect, test } from 'vitest';
import { tellsOfEveryPipe } from './expected-gauges.ts';
import { parsePrometheusText } from './prometheus-text.ts';

const LINES = [
  'doubleshot_outbox_rows{module="auth"} 0',
  'doubleshot_outbox_rows{module="orders"} 0',
  'doubleshot_outbox_rows{module="notifications"} 2',
  'doubleshot_queue_depth{queue="brewing.espresso",state="ready"} 0',
  'doubleshot_queue_depth{queue="notifications.email",state="ready"} 0',
  'doubleshot_event_log_lag{group="notifications",topic="orders.v1"} 0',
  'doubleshot_event_log_lag{group="notifications",topic="users.v1"} 0',
];
const ALL = ['gateway', 'auth', 'orders', 'notifications'] as const;
const tells = (modules: Parameters<typeof tellsOfEveryPipe>[0], lines: readonly string[]): boolean => tellsOfEveryPipe(modules, parsePrometheusText(lines.join('\n')));

test('when every gauge of its modules is there, then a process tells of every pipe', () => {
  expect(tells(ALL, LINES)).toBe(true);
  expect(tells(['gateway'], [])).toBe(true);
  expect(tells(['auth'], LINES.slice(0, 1))).toBe(true);
});

test.each(LINES)('when %s is missing or NaN, then it does not', (line) => {
  expect(tells(ALL, LINES.filter((one) => one !== line))).toBe(false);
  expect(tells(ALL, LINES.map((one) => (one === line ? one.replace(/\d+$/, 'NaN') : one)))).toBe(false);
});

test('when another queue alone is left without a figure, then it does not tell of every pipe', () => {
  expect(tells(ALL, [...LINES, 'doubleshot_queue_depth{queue="brewing.cold",state="ready"} NaN'])).toBe(false);
});
