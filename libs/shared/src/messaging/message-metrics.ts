import { Counter, Histogram, type Registry } from 'prom-client';
import { histogramWithExemplars } from '../telemetry/open-metrics.ts';

export interface MessageMetrics {
  /** Attempts to handle a message, by outcome: `done`, `ignored`, `retry` or `park`. `type` is one of the contracts, or `unknown`: anybody may write any into a message. */
  messages: Counter<'source' | 'type' | 'outcome'>;
  durationSeconds: Histogram<'source' | 'type'>;
  /** Rows the relay sent (`confirmed`), will try again (`failed`) or gave up (`parked`). */
  relayed: Counter<'module' | 'destination' | 'outcome'>;
  /** From the writing of a row to its confirmation. */
  relaySeconds: Histogram<'module' | 'destination'>;
}

const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const byRegistry = new WeakMap<Registry, MessageMetrics>();

/** The message metrics of a registry. Several modules of a process share one registry, and so these. */
export function messageMetrics(registry: Registry): MessageMetrics {
  let metrics = byRegistry.get(registry);
  if (metrics === undefined) byRegistry.set(registry, (metrics = register(registry)));
  return metrics;
}

function register(registry: Registry): MessageMetrics {
  const registers = [registry];
  const buckets = DURATION_BUCKETS_SECONDS;
  return {
    messages: new Counter({ name: 'doubleshot_messages_total', help: 'Attempts to handle a message.', labelNames: ['source', 'type', 'outcome'], registers }),
    durationSeconds: histogramWithExemplars(registry, {
      name: 'doubleshot_message_duration_seconds',
      help: 'Time to handle a message.',
      labelNames: ['source', 'type'],
      buckets,
    }),
    relayed: new Counter({ name: 'doubleshot_outbox_relayed_total', help: 'Outbox rows sent.', labelNames: ['module', 'destination', 'outcome'], registers }),
    relaySeconds: new Histogram({
      name: 'doubleshot_outbox_relay_seconds',
      help: 'From writing an outbox row to its confirmation.',
      labelNames: ['module', 'destination'],
      buckets,
      registers,
    }),
  };
}
