import { readEnvironment } from '../config/environment.ts';
import { parseSettings } from '../config/parse-settings.ts';
import { SERVICE_VERSION } from './service-version.ts';
import { TELEMETRY_SETTINGS, type TelemetrySettings } from './telemetry-settings.ts';

/**
 * Starts tracing in this process, if OTEL_EXPORTER_OTLP_ENDPOINT (or …_TRACES_ENDPOINT) says where to; does nothing otherwise, and loads nothing of the SDK.
 * No module is patched, so it may come after any of them; what begins before it has resolved is not traced.
 */
export async function startTelemetry({ serviceName }: { serviceName: string }): Promise<void> {
  const settings = parseSettings(TELEMETRY_SETTINGS, readEnvironment());
  if (!isWanted(settings)) return;
  const { startSdk } = await import('./telemetry-sdk.ts');
  startSdk({ name: serviceName, version: SERVICE_VERSION }, settings);
}

function isWanted(settings: TelemetrySettings): boolean {
  const endpoint = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  return endpoint !== undefined && settings.OTEL_SDK_DISABLED === 'false' && settings.OTEL_TRACES_EXPORTER !== 'none';
}
