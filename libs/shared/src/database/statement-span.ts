import { SpanKind, trace, type Attributes } from '@opentelemetry/api';
import { withLeafSpan } from '../telemetry/with-span.ts';

/** Attributes of every statement sent to the server of a `postgres://` URL. */
export function serverAttributes(url: string): Attributes {
  const { hostname, port, pathname } = new URL(url);
  return { 'db.system.name': 'postgresql', 'db.namespace': decodeURIComponent(pathname.slice(1)), 'server.address': hostname, 'server.port': Number(port || DEFAULT_PORT) };
}

const DEFAULT_PORT = 5_432;

/**
 * The CLIENT span of one statement, under what asked for it; what nobody's request caused makes none. Named after the statement, or, where that has no name (BEGIN, COMMIT),
 * after its command: https://opentelemetry.io/docs/specs/semconv/db/database-spans/#name
 */
export function withStatementSpan<T>({ name, text }: { name?: string; text: string }, server: Attributes, work: () => Promise<T>): Promise<T> {
  if (trace.getActiveSpan()?.isRecording() !== true) return work();
  const [command = ''] = name === undefined ? text.trimStart().split(/[\s;]/, 1) : [];
  const attributes = { ...server, 'db.query.text': text, ...(name === undefined ? { 'db.operation.name': command } : { 'db.query.summary': name }) };
  return withLeafSpan(name ?? command, { kind: SpanKind.CLIENT, attributes }, work);
}
