import { Command } from 'commander';
import { AUDIT_DEFAULTS } from '../audit/audit-defaults.ts';
import { readEnvironment } from '../environment.ts';
import { LabError } from '../errors.ts';
import { parseTopology } from '../topology/parse-topology.ts';
import { tellAudit } from './audit-progress.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { createProgress, print } from './terminal.ts';

interface AuditFlags {
  topology?: string;
  orders: number;
  rate: number;
  kills: number;
  seed?: number;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('kill processes under load, then compare the ledger of the load with what can be seen from outside')
    .option('--topology <topology>', 'monolith, microservices, both, or groups such as "gateway+auth | orders+notifications" (default: TOPOLOGY, or both)')
    .option('--orders <number>', 'orders to place in each brew', wholeNumber(1), AUDIT_DEFAULTS.orders)
    .option('--rate <number>', 'orders per second', positiveNumber, AUDIT_DEFAULTS.rate)
    .option('--kills <number>', 'kill -9 for each process during the load', wholeNumber(0), AUDIT_DEFAULTS.killsPerProcess)
    .option('--seed <number>', 'of what is random (a random one unless told)', wholeNumber(0))
    .action(audit);
}

async function audit({ topology = readEnvironment()['TOPOLOGY'] ?? 'both', orders, rate, kills, seed }: AuditFlags): Promise<void> {
  const topologies = topology === 'both' ? ['monolith', 'microservices'] : [parseTopology(topology).name];
  const [{ renderAudit }, { runAudit }] = await Promise.all([import('../audit/audit-table.ts'), import('../audit/run-audit.ts')]);
  const faulty: string[] = [];
  for (const name of topologies) {
    const run = await runAudit({ topology: name, orders, rate, killsPerProcess: kills, ...(seed === undefined ? {} : { seed }), onProgress: tellAudit(createProgress()) });
    print(`\n${renderAudit(run)}\n`);
    if (!run.clean) faulty.push(name);
  }
  if (faulty.length > 0) throw new LabError(`the ledger of ${faulty.join(' and ')} is not clean`);
}
