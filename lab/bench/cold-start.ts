// From starting each process to its first `ready`, and what CPU time that takes: traced and untraced, in turn.
// Usage: node lab/bench/cold-start.ts [topology] [rounds]     (on a quiet machine; microservices and 5 rounds unless told; PostgreSQL runs already, and its tables are there)
import { readProcessUsage } from '../src/compare/usage/process-usage.ts';
import { figureOf } from '../src/compare/statistics.ts';
import { startShop } from '../src/topology/start-shop.ts';

const [topology = 'microservices', rounds = '5'] = process.argv.slice(2);
const VARIANTS = [
  { name: 'traced', env: {} },
  { name: 'untraced', env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } },
] as const;

const shops = [];
const measured = new Map<string, { readyMs: number[]; cpuMs: number[]; rssMib: number[] }>();
const BYTES_PER_MIB = 1_048_576;
try {
  for (const { name, env } of VARIANTS) shops.push({ name, shop: await startShop({ topology, env }) });
  for (let round = 0; round < Number(rounds); round += 1) {
    for (const { name, shop } of round % 2 === 0 ? shops : shops.toReversed()) {
      for (const one of shop.processes) {
        await one.restart();
        const { cpuMs, rssBytes } = await readProcessUsage(one.pid);
        const key = `${one.name} | ${name}`;
        const of = measured.get(key) ?? { readyMs: [], cpuMs: [], rssMib: [] };
        measured.set(key, of);
        of.readyMs.push(one.readyAfterMs);
        of.cpuMs.push(cpuMs);
        of.rssMib.push(rssBytes / BYTES_PER_MIB);
      }
    }
  }
  const rows = [...measured].sort().map(([key, { readyMs, cpuMs, rssMib }]) => {
    const [ready, cpu, rss] = [figureOf(readyMs), figureOf(cpuMs), figureOf(rssMib)];
    return `| ${key} | ${ready.median.toFixed(0)} | ${ready.min.toFixed(0)} to ${ready.max.toFixed(0)} | ${cpu.median.toFixed(0)} | ${rss.median.toFixed(0)} |`;
  });
  process.stdout.write(['| process | | ready after ms | least to most | CPU ms | MiB |', '|---|---|---|---|---|---|', ...rows, ''].join('\n'));
} finally {
  await Promise.all(shops.map(({ shop }) => shop.stop()));
}
