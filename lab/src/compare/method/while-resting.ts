import type { MeasuredShop } from './measured-shop.ts';

/** Does something while shops stand still, so that they do not slow it down. */
export async function whileResting<T>(resting: readonly MeasuredShop[], work: () => Promise<T>): Promise<T> {
  const signal = (name: NodeJS.Signals): Promise<unknown> => Promise.all(resting.flatMap(({ processes }) => processes.map((process) => process.kill(name))));
  await signal('SIGSTOP');
  try {
    return await work();
  } finally {
    await signal('SIGCONT');
  }
}
