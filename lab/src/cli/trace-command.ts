import { Command } from 'commander';

export function traceCommand(): Command {
  return new Command('trace')
    .argument('[orderId]', 'an order of a running up; without it, one is placed in each brew (which is started for it if nothing is up)')
    .description('follow one order through the brews, as a waterfall here and as a page')
    .action(async (orderId: string | undefined) => {
      const { trace } = await import('./trace-orders.ts');
      await trace(orderId);
    });
}
