import { Counter, type Registry } from 'prom-client';

/** What became of the spans of this process. */
export interface SpanCounts {
  exported: number;
  /** The queue was full. */
  dropped: number;
  /** The receiver did not take them. */
  failed: number;
}

interface TelemetryState {
  counts(): SpanCounts;
  shutdown(): Promise<void>;
}

let state: TelemetryState | undefined;

/** Called once, by what starts the SDK. */
export function setTelemetryState(started: TelemetryState): void {
  state = started;
}

/** Sends what is still queued and stops. Resolves also when the receiver is away. */
export async function stopTelemetry(): Promise<void> {
  await state?.shutdown().catch(() => undefined);
}

const OUTCOMES = ['exported', 'dropped', 'failed'] as const;

/** Exposes what became of spans as `doubleshot_spans_total{outcome}`. */
export function countSpans(registry: Registry): void {
  new Counter({
    name: 'doubleshot_spans_total',
    help: 'Spans of this process by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      const counts = state?.counts();
      for (const outcome of OUTCOMES) this.inc({ outcome }, counts?.[outcome] ?? 0);
    },
  });
}
