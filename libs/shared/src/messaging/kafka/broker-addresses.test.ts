import { expect, test } from 'vitest';
import { brokerAddresses } from './broker-addresses.ts';

test('when a URL names brokers, then each becomes host:port, with the port 9092 unless told', () => {
  expect(brokerAddresses('kafka://kafka:19092')).toEqual(['kafka:19092']);
  expect(brokerAddresses('kafka://a:1,b,[::1]:3/')).toEqual(['a:1', 'b:9092', '[::1]:3']);
});

test.each(['kafka://', 'kafka:a:1', 'kafka://a,,b', 'kafka://user:secret@a:1', 'kafka://a:1/topic', 'kafka://a:1?x=1', 'amqp://a:1', 'kafka://a:port'])('when a URL is %s, then it is refused without being repeated', (url) => {
  expect(() => brokerAddresses(url)).toThrow(/^EVENT_LOG_URL must be like kafka:\/\/host:port,host:port$/);
});
