import { Command } from 'commander';
import { LabError, UsageError } from '../errors.ts';
import { connectControl } from './control-client.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { createProgress, print } from './terminal.ts';

interface LoadFlags {
  url?: string;
  orders?: number;
  duration?: number;
  rate: number;
  concurrency?: number;
  customers: number;
  seed: number;
}

const DEFAULT_ORDERS = 1_000;
const PROGRESS_EVERY_MS = 500;
const MS_IN_SECOND = 1_000;

export function loadCommand(): Command {
  return new Command('load')
    .description('place orders at a steady rate, in each brew that is up or at an address')
    .option('--url <url>', 'origin of a gateway (default: every brew that is up)')
    .option('--orders <number>', `orders to place (default: ${DEFAULT_ORDERS}, unless a duration is given)`, wholeNumber(1))
    .option('--duration <seconds>', 'end after this time', positiveNumber)
    .option('--rate <number>', 'orders per second, whatever the answers do', positiveNumber, 50)
    .option('--concurrency <number>', 'instead of a rate: as fast as this many at once allow', wholeNumber(1))
    .option('--customers <number>', 'customers who place them', wholeNumber(1), 10)
    .option('--seed <number>', 'of the orders', wholeNumber(0), 1)
    .action(load);
}

async function load(flags: LoadFlags): Promise<void> {
  const shops = await targets(flags.url);
  const [{ createLoadLedger }, { renderLoadProgress, renderLoadSummary }, { runLoad }] = await Promise.all([import('../load/load-ledger.ts'), import('../load/load-lines.ts'), import('../load/run-load.ts')]);
  for (const { name, baseUrl } of shops) {
    const progress = createProgress();
    let due = PROGRESS_EVERY_MS;
    const ledger = await createLoadLedger(name);
    try {
      const summary = await runLoad({
        baseUrl,
        ledger,
        seed: flags.seed,
        pace: flags.concurrency === undefined ? { rate: flags.rate } : { concurrency: flags.concurrency },
        ...limitsOf(flags),
        customers: flags.customers,
        onProgress: (now) => {
          if (now.elapsedMs < due) return;
          due = now.elapsedMs + PROGRESS_EVERY_MS;
          progress(`${name}: ${renderLoadProgress(now)}`);
        },
      });
      print(`\n${name}\n${renderLoadSummary(summary)}\nledger       ${ledger.path}\n`);
    } finally {
      await ledger.close();
    }
  }
}

async function targets(url: string | undefined): Promise<{ name: string; baseUrl: string }[]> {
  if (url !== undefined) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new UsageError(`--url must be an http address, not "${url}"`);
    return [{ name: new URL(url).host, baseUrl: new URL(url).origin }];
  }
  const control = await connectControl();
  if (control === undefined) throw new LabError('nothing is up: start the shop with `make up`, or give an address with --url');
  return control.state.shops;
}

function limitsOf({ orders, duration }: LoadFlags): { orders?: number; durationMs?: number } {
  if (duration === undefined) return { orders: orders ?? DEFAULT_ORDERS };
  return { durationMs: duration * MS_IN_SECOND, ...(orders === undefined ? {} : { orders }) };
}
