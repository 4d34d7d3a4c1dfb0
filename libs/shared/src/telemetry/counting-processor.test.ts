import { AlwaysOffSampler, AlwaysOnSampler, InMemorySpanExporter, TracerProvider, type Sampler, type SpanExporter } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { parseSettings } from '../config/parse-settings.ts';
import { createCountingProcessor } from './counting-processor.ts';
import { TELEMETRY_SETTINGS } from './telemetry-settings.ts';

const settings = parseSettings(TELEMETRY_SETTINGS, { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10', OTEL_BSP_SCHEDULE_DELAY: '60000' });

async function endSpans(exporter: SpanExporter, count: number, sampler: Sampler = new AlwaysOnSampler()): Promise<object> {
  const { processor, counts } = createCountingProcessor(exporter, settings);
  const provider = new TracerProvider({ spanProcessors: [processor], sampler });
  const tracer = provider.getTracer('test');
  for (let made = 0; made < count; made += 1) tracer.startSpan('x').end();
  await provider.shutdown().catch(() => undefined);
  return counts();
}

test('spans beyond the queue are dropped and counted', async () => {
  // The first batch is taken out when it is full; what comes while it is under way may fill the queue once more.
  expect(await endSpans(new InMemorySpanExporter(), 5)).toEqual({ exported: 5, dropped: 0, failed: 0 });
  expect(await endSpans(new InMemorySpanExporter(), 100)).toEqual({ exported: 20, dropped: 80, failed: 0 });
});

test('spans that the receiver refuses are counted', async () => {
  const refusing = new InMemorySpanExporter();
  await refusing.shutdown();
  expect(await endSpans(refusing, 5)).toEqual({ exported: 0, dropped: 0, failed: 5 });
});

test('spans that are not sampled are not counted', async () => {
  expect(await endSpans(new InMemorySpanExporter(), 5, new AlwaysOffSampler())).toEqual({ exported: 0, dropped: 0, failed: 0 });
});

test('a value of a standard variable that is not understood counts as missing', () => {
  expect(parseSettings(TELEMETRY_SETTINGS, { OTEL_BSP_SCHEDULE_DELAY: 'soon' })).toMatchObject({ OTEL_BSP_SCHEDULE_DELAY: 1_000 });
});
