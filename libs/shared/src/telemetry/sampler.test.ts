import { SpanKind, type Link } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, test } from 'vitest';
import { createSampler } from './sampler.ts';
import { contextFromTraceparent, linkFromTraceparent } from './traceparent.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';

/** How many of a thousand traces that begin here, or link to another, are recorded. */
function recorded(name: string, ratio?: string, links: Link[] = []): number {
  const sampler = createSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio })!;
  const tracer = new TracerProvider({ sampler }).getTracer('test');
  return Array.from({ length: 1_000 }, () => tracer.startSpan('process', { kind: SpanKind.CONSUMER, links })).filter((span) => span.isRecording()).length;
}

describe.each([
  ['parentbased_always_on', undefined, 1_000, 1_000],
  ['parentbased_always_off', undefined, 0, 0],
  ['parentbased_traceidratio', '0.5', 400, 600],
  ['parentbased_traceidratio', '0', 0, 0],
  ['parentbased_traceidratio', undefined, 1_000, 1_000],
  ['parentbased_traceidratio', ' ', 1_000, 1_000],
  ['parentbased_traceidratio', 'half', 1_000, 1_000],
  ['parentbased_traceidratio', '2', 1_000, 1_000],
])('%s %s', (name, ratio, least, most) => {
  test('decides for traces that begin here', () => {
    const count = recorded(name, ratio);
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  test('does as was decided for the trace that another links to', () => {
    expect(recorded(name, ratio, [linkFromTraceparent(`${TRACE}-01`)!])).toBe(1_000);
    expect(recorded(name, ratio, [linkFromTraceparent(`${TRACE}-00`)!])).toBe(0);
  });

  test('does as the parent says, whatever else is linked to', () => {
    const tracer = new TracerProvider({ sampler: createSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio })! }).getTracer('test');
    const links = [linkFromTraceparent(`${TRACE}-00`)!];
    expect([`${TRACE}-01`, `${TRACE}-00`].map((parent) => tracer.startSpan('process', { links }, contextFromTraceparent(parent)).isRecording())).toEqual([true, false]);
  });
});

test.each(['always_on', 'always_off', 'traceidratio', 'nonsense'])('%s is left to the SDK', (name) => {
  expect(createSampler({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: '0.5' })).toBeUndefined();
});
