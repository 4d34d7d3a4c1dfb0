import { Counter, Gauge, type Registry } from 'prom-client';

/** Requests passed on to one service and not answered yet: ordinary ones, and those that last (streams, long polls). */
export interface InFlight {
  answers: number;
  waits: number;
}

/** What the gateway counts of its own; rate, errors and duration of requests are counted by the server. */
export interface GatewayMetrics {
  /** A request was sent to a service once more. */
  retried(module: string): void;
  /** A request was refused with 429. */
  rateLimited(limit: string): void;
  /** `inFlight` is looked at when the metrics are read. */
  watch(module: string, inFlight: Readonly<InFlight>): void;
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const watched = new Map<string, Readonly<InFlight>>();
  const retries = new Counter({ name: 'doubleshot_gateway_retries_total', help: 'Requests sent to a service once more.', labelNames: ['module'], registers });
  const limited = new Counter({ name: 'doubleshot_gateway_rate_limited_total', help: 'Requests refused with 429, by the limit that was reached.', labelNames: ['limit'], registers });
  const inFlight = new Gauge({
    name: 'doubleshot_gateway_in_flight',
    help: 'Requests passed on to a service and not answered yet: ordinary ones (answer), streams and long polls (wait).',
    labelNames: ['module', 'kind'],
    registers: [],
    collect() {
      for (const [module, { answers, waits }] of watched) {
        this.set({ module, kind: 'answer' }, answers);
        this.set({ module, kind: 'wait' }, waits);
      }
    },
  });
  registry.registerMetric(inFlight);
  return {
    retried: (module) => retries.inc({ module }),
    rateLimited: (limit) => limited.inc({ limit }),
    watch: (module, inFlight) => void watched.set(module, inFlight),
  };
}
