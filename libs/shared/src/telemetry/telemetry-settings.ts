import { z } from 'zod';
import { integerSetting } from '../config/setting-schemas.ts';

const LONGEST_MS = 600_000;

/**
 * The standard variables of OpenTelemetry that are honoured (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/);
 * the SDK reads these and further ones itself; those listed are the ones that matter here. A value that is not understood counts as missing, as the specification wants it.
 */
export const TELEMETRY_SETTINGS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional().describe('Where spans are sent by OTLP/HTTP, for example http://127.0.0.1:4318. Without it nothing is traced.'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string().optional().describe('The same for traces alone, with its path.'),
  OTEL_SDK_DISABLED: z.enum(['true', 'false']).default('false').catch('false').describe('`true` turns tracing off.'),
  OTEL_TRACES_EXPORTER: z.string().default('otlp').describe('`none` turns tracing off.'),
  OTEL_LOG_LEVEL: z.string().default('none').describe('What the SDK itself says on the console.'),
  OTEL_SERVICE_NAME: z.string().optional().describe('`service.name` of spans and logs; the name of the process unless told.'),
  OTEL_RESOURCE_ATTRIBUTES: z.string().optional().describe('Further attributes of the resource: key=value,…'),
  OTEL_TRACES_SAMPLER: z.string().default('parentbased_always_on').describe('Which traces are recorded: a sampler of the specification.'),
  OTEL_TRACES_SAMPLER_ARG: z.string().optional().describe('Share of traces for the samplers by ratio, 0 to 1.'),
  OTEL_BSP_SCHEDULE_DELAY: integerSetting({ min: 0, max: LONGEST_MS }).default(1_000).catch(1_000).describe('Longest time between two exports, in milliseconds.'),
  OTEL_BSP_EXPORT_TIMEOUT: integerSetting({ min: 1, max: LONGEST_MS }).default(5_000).catch(5_000).describe('Longest time for one export, in milliseconds.'),
  OTEL_BSP_MAX_QUEUE_SIZE: integerSetting({ min: 1, max: 1_000_000 }).default(8_192).catch(8_192).describe('Spans that may wait; further ones are dropped and counted.'),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: integerSetting({ min: 1, max: 1_000_000 }).default(512).catch(512).describe('Spans in one export.'),
};

export type TelemetrySettings = z.output<z.ZodObject<typeof TELEMETRY_SETTINGS>>;
