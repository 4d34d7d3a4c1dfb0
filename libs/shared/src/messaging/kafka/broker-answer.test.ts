import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { expect, test } from 'vitest';
import { answerOf } from './broker-answer.ts';

function protocolError(type: string, retriable: boolean): KafkaJSProtocolError {
  return new KafkaJSProtocolError(Object.assign(new Error('no'), { type, code: 1, retriable }));
}

test('when a broker says no, then its answer is found, also behind the error of retries', () => {
  const error = protocolError('NOT_LEADER_FOR_PARTITION', true);
  const answer = { type: 'NOT_LEADER_FOR_PARTITION', retriable: true };
  expect(answerOf(error)).toEqual(answer);
  expect(answerOf(Object.assign(new KafkaJSNumberOfRetriesExceeded('no', { retryCount: 2, retryTime: 1 }), { cause: error }))).toEqual(answer);
  expect(answerOf(protocolError('MESSAGE_TOO_LARGE', false))).toEqual({ type: 'MESSAGE_TOO_LARGE', retriable: false });
});

test('when no broker answered, then there is no answer', () => {
  for (const error of [new KafkaJSConnectionError('refused', { broker: 'b', code: 'ECONNREFUSED' }), new Error('late'), 'text', undefined]) expect(answerOf(error)).toBeUndefined();
});
