import { expect, test } from 'vitest';
import { readKafkaUrl } from './kafka-url.ts';

test('when a URL names brokers, then each becomes host:port, with the port 9092 unless told', () => {
  expect(readKafkaUrl('kafka://kafka:19092')).toEqual({ brokers: ['kafka:19092'], tls: false });
  expect(readKafkaUrl('kafka://a:1,b,[::1]:3/')?.brokers).toEqual(['a:1', 'b:9092', '[::1]:3']);
});

test('when a URL begins with kafka+ssl, then there is TLS; when it has a user, then there is SASL', () => {
  expect(readKafkaUrl('kafka+ssl://a:9093,b:9093')).toEqual({ brokers: ['a:9093', 'b:9093'], tls: true });
  expect(readKafkaUrl('kafka+ssl://shop:p%40ss%3Aw@a:1,b?sasl_mechanism=SCRAM-SHA-512')).toEqual({ brokers: ['a:1', 'b:9092'], tls: true, credentials: { mechanism: 'scram-sha-512', username: 'shop', password: 'p@ss:w' } });
  expect(readKafkaUrl('kafka://%24ConnectionString:secret@a/?sasl_mechanism=plain')).toEqual({ brokers: ['a:9092'], tls: false, credentials: { mechanism: 'plain', username: '$ConnectionString', password: 'secret' } });
});

test.each([
  'kafka://', 'kafka:a:1', 'kafka://a,,b', 'kafka://a:1,', 'kafka://a:1/topic', 'kafka://a:1?x=1', 'amqp://a:1', 'kafka://a:port', 'kafkas://a',
  'kafka://user:secret@a:1', 'kafka://user@a?sasl_mechanism=PLAIN', 'kafka://user:secret@a?sasl_mechanism=GSSAPI', 'kafka://a?sasl_mechanism=PLAIN', 'kafka://user:secret@a,user:secret@b?sasl_mechanism=PLAIN', 'kafka://user:%zz@a?sasl_mechanism=PLAIN',
])('when a URL is %s, then it is none of a cluster', (url) => {
  expect(readKafkaUrl(url)).toBeUndefined();
});
