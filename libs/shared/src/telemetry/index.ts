export { ignoreCallersTraces } from './callers-trace.ts';
export * from './server-route.ts';
export { TELEMETRY_SETTINGS } from './telemetry-settings.ts';
export { countSpans, stopTelemetry, type SpanCounts } from './telemetry-state.ts';
export * from './traceparent.ts';
export * from './with-span.ts';
