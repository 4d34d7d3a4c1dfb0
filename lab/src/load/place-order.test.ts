import { expect, test } from 'vitest';
import { classifyAnswer } from './place-order.ts';

const problem = (status: number, code: string): Parameters<typeof classifyAnswer>[0] => ({ status, headers: {}, body: { type: `/problems/${code}`, title: 't', status, code, detail: 't.' } });

test.each([
  [problem(409, 'out_of_stock'), 'refused'],
  [problem(400, 'validation_failed'), 'refused'],
  [problem(429, 'rate_limited'), 'refused'],
  [problem(409, 'idempotency_in_progress'), 'unknown'],
  [problem(500, 'internal'), 'unknown'],
  [problem(502, 'upstream_failed'), 'unknown'],
  [problem(503, 'overloaded'), 'refused'],
  [problem(503, 'unavailable'), 'unknown'],
  [{ status: 504, headers: {}, body: '<html>' }, 'unknown'],
  [{ status: 404, headers: {}, body: '<html>' }, 'refused'],
] as const)('when the shop answers %j, then the outcome is %s', (answer, outcome) => {
  expect(classifyAnswer(answer).outcome).toBe(outcome);
});

test('when the shop answers 201 with something that is no order, then it is acknowledged all the same, and the reason says so', () => {
  expect(classifyAnswer({ status: 201, headers: {}, body: {} })).toEqual({ outcome: 'acknowledged', status: 201, replayed: false, reason: 'answer_not_an_order' });
});
