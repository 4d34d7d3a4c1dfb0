// How fast a relay moves a backlog of events from its outbox to the event log, each confirmed by the log and deleted by a durable commit; and what that costs.
// The microservices' orders process alone: its topic menu.v1 has no consumers.
// Usage: node lab/bench/relay-rate.ts [embedded|containers] [events] [rounds]     (containers: Kafka and RabbitMQ for real; 50,000 events and 3 rounds unless told)
import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '../src/backends/run-sql.ts';
import { figureOf } from '../src/compare/statistics.ts';
import { readProcessUsage } from '../src/compare/usage/process-usage.ts';
import { startEngines } from '../src/containers/engines.ts';
import { LabError } from '../src/errors.ts';
import { startShop } from '../src/topology/start-shop.ts';

const [backends = 'embedded', events = '50000', rounds = '3'] = process.argv.slice(2);
const OUTBOX = 'orders.outbox';
/** As large as an event of the menu. */
const PAYLOAD = JSON.stringify({ specversion: '1.0', type: 'bench', data: { text: 'x'.repeat(500) } });
const fill = (count: number): string => `INSERT INTO ${OUTBOX} (target, destination, key, message_id, payload)
  SELECT 'event', 'menu.v1', 'item-' || n % 1000, gen_random_uuid(), '${PAYLOAD}' FROM generate_series(1, ${count}) n`;
const WARM_UP = 5_000;
const POLL_MS = 100;
const LONGEST_MS = 120_000;
const MS_PER_SECOND = 1_000;

const engines = backends === 'containers' ? await startEngines(['kafka', 'rabbitmq']) : undefined;
const messaging = engines === undefined ? {} : { EVENT_LOG_URL: engines.urls.kafka, TASK_QUEUE_URL: engines.urls.rabbitmq };
const shop = await startShop({ topology: 'microservices', env: messaging });
const database = shop.postgres.url('orders');
const orders = shop.processes.find(({ name }) => name === 'orders');
if (orders === undefined) throw new LabError('there is no process "orders"');
const { pid } = orders;

/** Fills the outbox while the relay stands still, and lets it go. */
async function relay(count: number): Promise<{ perSecond: number; perCpuSecond: number }> {
  process.kill(pid, 'SIGSTOP');
  await runSql(database, fill(count));
  await runSql(database, `ANALYZE ${OUTBOX}`);
  const before = await readProcessUsage(pid);
  const startedAt = performance.now();
  process.kill(pid, 'SIGCONT');
  while ((await runSql(database, `SELECT FROM ${OUTBOX} LIMIT 1`)).length > 0) {
    if (performance.now() - startedAt > LONGEST_MS) throw new LabError(`${OUTBOX} is not empty after ${LONGEST_MS / MS_PER_SECOND} s`);
    await sleep(POLL_MS);
  }
  const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
  const { cpuMs } = await readProcessUsage(pid);
  return { perSecond: count / seconds, perCpuSecond: (count * MS_PER_SECOND) / (cpuMs - before.cpuMs) };
}

try {
  await relay(WARM_UP);
  const measured: Awaited<ReturnType<typeof relay>>[] = [];
  for (let round = 0; round < Number(rounds); round += 1) measured.push(await relay(Number(events)));
  const [perSecond, perCpuSecond] = [figureOf(measured.map((each) => each.perSecond)), figureOf(measured.map((each) => each.perCpuSecond))];
  process.stdout.write(`${backends}, ${events} events, ${rounds} rounds: ${perSecond.median.toFixed(0)} events/s (${perSecond.min.toFixed(0)} to ${perSecond.max.toFixed(0)}), `
    + `${perCpuSecond.median.toFixed(0)} for a second of CPU of the process (${perCpuSecond.min.toFixed(0)} to ${perCpuSecond.max.toFixed(0)})\n`);
} finally {
  process.kill(pid, 'SIGCONT');
  await shop.stop();
  await engines?.stop();
}
