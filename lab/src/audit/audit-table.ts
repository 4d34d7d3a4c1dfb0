import type { AuditRun } from './run-audit.ts';
import { FAULT_COLUMNS, NOTED_COLUMNS, type Finding } from './findings.ts';

const FINDINGS_SHOWN = 20;
const COLUMN_WIDTH = 12;

/** What an audit found, as lines for a terminal. */
export function renderAudit(run: AuditRun): string {
  const columns = [...FAULT_COLUMNS, ...NOTED_COLUMNS];
  const { outcomes } = run.load;
  const faults = run.findings.filter(({ column }) => (FAULT_COLUMNS as readonly string[]).includes(column));
  return [
    `ledger of ${run.topology}: ${run.load.orders} orders by ${run.load.customers} customers, ${run.load.attempts} attempts, ${run.kills} × kill -9`,
    `seed ${run.seed} · backends ${run.backends} · ${Object.entries(run.versions).map(([name, version]) => `${name} ${version}`).join(' · ')}`,
    `acknowledged ${outcomes.acknowledged} · unknown ${outcomes.unknown} · refused ${outcomes.refused} · ${(run.elapsedMs / 1000).toFixed(1)} s`,
    '',
    columns.map((column) => column.padStart(COLUMN_WIDTH)).join(''),
    columns.map((column) => String(run.counts[column]).padStart(COLUMN_WIDTH)).join(''),
    '',
    run.clean ? 'clean: accepted = told, nothing lost, nothing twice' : 'NOT CLEAN',
    ...faults.slice(0, FINDINGS_SHOWN).map(renderFinding),
    ...(faults.length > FINDINGS_SHOWN ? [`  … and ${faults.length - FINDINGS_SHOWN} more`] : []),
    ...(run.clean ? [] : [`ledger: ${run.ledgerPath}`, `logs: ${run.logFolder}`]),
  ].join('\n');
}

function renderFinding({ column, id, detail }: Finding): string {
  return `  ${column.padEnd(COLUMN_WIDTH)}${id}  ${detail}`;
}
