/** What an audit does unless told. */
export const AUDIT_DEFAULTS = { orders: 2_000, rate: 120, customers: 20, killsPerProcess: 2, retryUnknownShare: 0.5, drainDeadlineMs: 60_000 } as const;

/** For every process: spans are not looked at, and fewer log lines leave more of the machine to the shop. */
export const AUDIT_VARIABLES = { BREW_TIME_SCALE: '0', RATE_LIMIT_PER_SECOND: '0', LOG_LEVEL: 'warn', OTEL_EXPORTER_OTLP_ENDPOINT: undefined } as const;

const SCARCE_STOCK_SHARE = 0.04;

/** More of one drink than an order asks for. */
const MOST_OF_A_DRINK = 10;
/** What the shop takes. */
const LARGEST_STOCK = 1_000_000;

/** Stock of one drink that no such number of orders uses up. */
export function plentyFor(orders: number): number {
  return Math.min(orders * MOST_OF_A_DRINK, LARGEST_STOCK);
}

/** Stock of one drink that sells out under so many orders. */
export function scarceStockFor(orders: number): number {
  return Math.max(1, Math.round(orders * SCARCE_STOCK_SHARE));
}
