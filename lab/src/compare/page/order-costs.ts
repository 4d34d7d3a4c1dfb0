import type { OrderCost } from '../section-schemas.ts';
import type { Figure } from '../statistics.ts';
import { formatMebibytes, formatMicros, formatMs } from '../units.ts';
import type { StackBar } from './charts/stack-bars.ts';
import type { FigureRow } from './section.ts';

/** What the order path costs, quantity by quantity. */
const QUANTITIES: readonly { what: string; of: (order: OrderCost) => Figure; format: (value: number) => string }[] = [
  { what: 'CPU of apps', of: ({ cpuMicros }) => cpuMicros, format: formatMicros },
  { what: 'CPU of apps and backends', of: ({ cpuMicrosWithBackends }) => cpuMicrosWithBackends, format: formatMicros },
  { what: 'p50 of POST /orders', of: ({ p50Ms }) => p50Ms, format: formatMs },
  { what: 'p50 to the notification', of: ({ notifiedP50Ms }) => notifiedP50Ms, format: formatMs },
  { what: 'memory under load', of: ({ loadRssBytes }) => loadRssBytes, format: formatMebibytes },
];

export function orderCostRows(brew: string, order: OrderCost): FigureRow[] {
  return QUANTITIES.map(({ what, of, format }) => ({ what, brew, figure: of(order), format }));
}

/** CPU for each order, of apps and of what they stand on. */
export function orderCostBar({ label, tone, order }: { label: string; tone: string; order: OrderCost }): StackBar {
  const { cpuMicros, cpuMicrosWithBackends } = order;
  return {
    label,
    tone,
    total: cpuMicrosWithBackends,
    parts: [
      { name: 'apps', value: cpuMicros.median, kind: 'process' },
      { name: 'backends', value: Math.max(0, cpuMicrosWithBackends.median - cpuMicros.median), kind: 'backend' },
    ],
  };
}
