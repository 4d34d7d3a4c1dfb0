import { Command } from 'commander';

export function traceCommand(): Command {
  return new Command('trace')
    .argument('[orderId]', 'an order of the shop that is up; without it, one is placed in each brew (which is started for it if nothing is up)')
    .option('--jaeger <origin>', "take the order's spans from Jaeger's query service, for example http://localhost:16686")
    .description('follow one order through the brews, and where its time went, as a waterfall here and as a page')
    .action(async (orderId: string | undefined, { jaeger }: { jaeger?: string }) => {
      const { trace } = await import('./trace-orders.ts');
      await trace(orderId, { jaeger });
    });
}
