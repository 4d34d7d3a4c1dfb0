/** A finished span as the receiver keeps it. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** `service.name` of the process it was made in. */
  service: string;
  name: string;
  kind: SpanKind;
  /** Milliseconds since the epoch, with a fraction. */
  startMs: number;
  durationMs: number;
  failed: boolean;
  attributes: Readonly<Record<string, AttributeValue>>;
  links: readonly { traceId: string; spanId: string }[];
}

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type AttributeValue = string | number | boolean | readonly AttributeValue[];
