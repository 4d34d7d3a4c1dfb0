import { startTelemetry } from '@doubleshot/shared/telemetry';

// Preloaded with `node --import`: what is to be traced is hooked before it is loaded.
await startTelemetry({ serviceName: 'monolith' });
