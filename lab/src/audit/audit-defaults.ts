/** What an audit does unless told. */
export const AUDIT_DEFAULTS = { orders: 2_000, rate: 120, customers: 20, killsPerProcess: 2, retryUnknownShare: 0.5, drainDeadlineMs: 60_000 } as const;
