import { Counter, Gauge, type Registry } from 'prom-client';
import type { Exemplar } from '../telemetry/exemplar.ts';
import { histogramWithExemplars } from '../telemetry/open-metrics.ts';
import { KNOWN_METHODS } from './http-semantics.ts';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface RequestMetrics {
  begin(): void;
  /** `route` is a path template: labels stay few. */
  end(request: { method: string; route: string; status: number; seconds: number; exemplar: Exemplar }): void;
  malformed(status: number): void;
}

/** Rate, errors and duration of HTTP requests by method, route and status. */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const registers = [registry];
  const duration = histogramWithExemplars(registry, {
    name: 'http_server_request_duration_seconds',
    help: 'Time from the arrival of the request head to the end of the answer, in seconds.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  });
  const active = new Gauge({ name: 'http_server_active_requests', help: 'Requests that are being answered.', registers });
  const malformed = new Counter({
    name: 'http_server_malformed_requests_total',
    help: 'Requests that broke off before they could be routed: bad HTTP, time-outs, too large heads.',
    labelNames: ['status'],
    registers,
  });
  return {
    begin: () => active.inc(),
    end: ({ method, route, status, seconds, exemplar }) => {
      active.dec();
      duration.observe({ labels: { method: KNOWN_METHODS.has(method) ? method : 'other', route, status: String(status) }, value: seconds, exemplarLabels: exemplar });
    },
    malformed: (status) => malformed.inc({ status: String(status) }),
  };
}
