/** The columns that must be 0. */
export const FAULT_COLUMNS = ['lost', 'duplicated', 'unexpected', 'stuck', 'oversold'] as const;
export type FaultColumn = (typeof FAULT_COLUMNS)[number];
/** Reported only: unknown outcomes that exist after all, and e-mails after a kill or stream events after a reconnect that came again with the same id. */
export const NOTED_COLUMNS = ['recovered', 'redelivered'] as const;
export type Column = FaultColumn | (typeof NOTED_COLUMNS)[number];

export interface Finding {
  column: Column;
  /** The id of the order, Idempotency-Key, menu item or pipe it is about. */
  id: string;
  detail: string;
}

/** How many things (not how many findings) each column is about. */
export function countByColumn(findings: readonly Finding[]): Record<Column, number> {
  const ids = (column: Column): number => new Set(findings.filter((finding) => finding.column === column).map((finding) => finding.id)).size;
  return {
    lost: ids('lost'),
    duplicated: ids('duplicated'),
    unexpected: ids('unexpected'),
    stuck: ids('stuck'),
    oversold: ids('oversold'),
    recovered: ids('recovered'),
    redelivered: ids('redelivered'),
  };
}

export function isClean(findings: readonly Finding[]): boolean {
  return !findings.some((finding) => (FAULT_COLUMNS as readonly string[]).includes(finding.column));
}
