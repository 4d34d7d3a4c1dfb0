import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import { createCountingProcessor } from './counting-processor.ts';
import { createSampler } from './sampler.ts';
import { SERVICE_NAMESPACE } from './service-namespace.ts';
import { setTelemetryState } from './telemetry-state.ts';
import type { TelemetrySettings } from './telemetry-settings.ts';
import { createUndiciInstrumentation } from './undici-instrumentation.ts';

/**
 * Connects the OpenTelemetry API to an exporter. Call once, before anything that is to be traced is loaded.
 * Sampler, propagators and resource come from the standard variables, most of which the SDK reads itself.
 */
export function startSdk(service: { name: string; version: string }, settings: TelemetrySettings): void {
  const { processor, counts } = createCountingProcessor(new OTLPTraceExporter(), settings);
  const own = { 'service.name': service.name, 'service.namespace': SERVICE_NAMESPACE, 'service.version': service.version };
  const sampler = createSampler(settings);
  const sdk = startNodeSdk({
    // Spans that are not delivered are counted as a metric; the SDK's own messages would break the log's format.
    logLevel: settings.OTEL_LOG_LEVEL,
    // As the base, so that what the standard variables say wins.
    baseResource: defaultResource().merge(resourceFromAttributes(own)),
    // What a request to another service or to a receiver of ours caused makes a span; everything else is traced by our own ports.
    instrumentations: [createUndiciInstrumentation()],
    ...(sampler !== undefined && { sampler }),
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
  });
  setTelemetryState({ counts, shutdown: () => sdk.shutdown() });
}
