import { TraceFlags } from '@opentelemetry/api';
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { startPrecisely } from './precise-clock.ts';
import type { SpanCounts } from './telemetry-state.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';

const EXPORT_SUCCEEDED = 0;

/** A batch processor that counts what became of its spans, those dropped because the queue was full among them. */
export function createCountingProcessor(exporter: SpanExporter, settings: TelemetrySettings): { processor: SpanProcessor; counts: () => SpanCounts } {
  const counts = { exported: 0, dropped: 0, failed: 0 };
  const maxQueueSize = settings.OTEL_BSP_MAX_QUEUE_SIZE;
  let waiting = 0;
  const counted: SpanExporter = {
    export: (spans, done) => {
      waiting -= spans.length;
      exporter.export(spans, (result) => {
        const code: number = result.code;
        counts[code === EXPORT_SUCCEEDED ? 'exported' : 'failed'] += spans.length;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
  const batches = new BatchSpanProcessor({
    exporter: counted,
    maxQueueSize,
    maxExportBatchSize: Math.min(settings.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, maxQueueSize),
    scheduledDelayMillis: settings.OTEL_BSP_SCHEDULE_DELAY,
    exportTimeoutMillis: settings.OTEL_BSP_EXPORT_TIMEOUT,
  });
  const processor: SpanProcessor = {
    onStart: startPrecisely,
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
      if (waiting >= maxQueueSize) {
        counts.dropped += 1;
        return;
      }
      waiting += 1;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
  return { processor, counts: () => ({ ...counts }) };
}
