import { SpanKind, trace } from '@opentelemetry/api';
import type { RedisOptions } from 'ioredis';
import { withLeafSpan } from '../telemetry/with-span.ts';

/** The CLIENT span of one command, under what asked for it; what nobody's request caused makes none. https://opentelemetry.io/docs/specs/semconv/db/redis/ */
export function withRedisSpan<T>(operation: string, { host, port, db }: RedisOptions, work: () => Promise<T>): Promise<T> {
  if (trace.getActiveSpan()?.isRecording() !== true) return work();
  const attributes = {
    'db.system.name': 'redis',
    'db.operation.name': operation,
    'db.namespace': String(db ?? 0),
    ...(host !== undefined && { 'server.address': host }),
    ...(port !== undefined && { 'server.port': port }),
  };
  return withLeafSpan(operation, { kind: SpanKind.CLIENT, attributes }, work);
}
