import { readShopUsage } from '../usage/shop-usage.ts';
import { orderOfPass } from './measure-passes.ts';
import type { MeasuredShop } from './measured-shop.ts';
import { whileResting } from './while-resting.ts';

/** A brew right after its start, by process. */
export interface FreshStart {
  readyAfterMs: Readonly<Record<string, number>>;
  rssBytes: Readonly<Record<string, number>>;
}

export interface StartsOptions {
  shops: readonly MeasuredShop[];
  /** How often each is started again. */
  starts: number;
  seed: number;
  /** Whether the others can be stopped meanwhile, so that they do not slow it down. */
  othersRest: boolean;
  onStart: (shop: MeasuredShop, index: number, start: FreshStart) => void;
}

/** Starts each shop again and again in turn, on a database that is set up already. */
export async function measureStarts({ shops, starts, seed, othersRest, onStart }: StartsOptions): Promise<void> {
  for (let pass = 1; pass <= starts; pass += 1) {
    for (const index of orderOfPass(shops.length, pass, seed)) {
      const shop = shops[index];
      if (shop === undefined) throw new TypeError('a pass names a shop that is not there');
      onStart(shop, index, await startAgain(shop, othersRest ? shops.filter((other) => other !== shop) : []));
    }
  }
}

function startAgain(shop: MeasuredShop, resting: readonly MeasuredShop[]): Promise<FreshStart> {
  return whileResting(resting, async () => {
    await Promise.all(shop.processes.map((process) => process.restart()));
    // Right after a start: memory has not grown with load yet.
    const { rssBytes } = await readShopUsage(shop);
    return { rssBytes, readyAfterMs: Object.fromEntries(shop.processes.map(({ name, readyAfterMs }) => [name, readyAfterMs])) };
  });
}
