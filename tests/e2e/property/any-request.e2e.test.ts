import { Menu } from '@doubleshot/contracts';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { API, drinkId, newCustomer } from '../support/customer.ts';
import { describeEachTopology, type ShopUnderTest } from '../support/shop.ts';
import { requestArbitrary, type Known, type WildRequest } from './request-arbitrary.ts';
import { createWildSender } from './send-wild.ts';

const BATCH = 250;
/** Far above what it takes, for machines that do other things besides. */
const TIMEOUT_MS = 300_000;

/** What wild requests are made of now and then, so that they get further than the first check. */
async function knownValues(shop: ShopUnderTest, { items }: Menu): Promise<Known> {
  const [ada, eve] = [await newCustomer(shop), await newCustomer(shop)];
  const [order, cancelled] = [await ada.placed(), await eve.placed()];
  return {
    ids: [...items.slice(0, 6).map(({ id }) => id), order.id, cancelled.id, ada.id, drinkId(999_999)],
    emails: [ada.email, eve.email, 'x@y.example'],
    tokens: [ada.token, eve.token, await shop.staffToken()],
    refreshTokens: [ada.refreshToken, eve.refreshToken, 'none'],
  };
}

/** Some of the wild requests are staff's, and change the menu that other tests count on. */
async function restore(shop: ShopUnderTest, { items }: Menu): Promise<void> {
  for (const { id, name, priceCents, available, stock } of items) {
    const answer = await shop.request(
      `${API}/menu/${id}`,
      { method: 'PATCH', token: await shop.staffToken(), headers: { 'if-match': '*' }, body: { name, priceCents, available, stock } },
    );
    expect(answer.status).toBe(200);
  }
}

function shown({ method, path, headers, body }: WildRequest): string {
  return `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)} ${body?.toString().slice(0, 600) ?? ''}`;
}

describeEachTopology('any request', (shop) => {
  test('is answered as the contracts say: never with 5xx, errors always with a problem document', async () => {
    const { requests: total, seed } = inject('e2eProperty');
    const before = (await shop.describe()).processes;
    const say = (text: string): void => void process.stdout.write(`any request [${shop.topology}]: ${text}\n`);
    const menu = Menu.parse((await shop.request(`${API}/menu`)).body);
    const sender = createWildSender(shop.baseUrl);
    const began = performance.now();
    say(`E2E_PROPERTY_SEED=${seed}`);
    try {
      const batches = fc.array(requestArbitrary(await knownValues(shop, menu)), { minLength: BATCH, maxLength: BATCH });
      const answered = fc.asyncProperty(batches, async (requests) => {
        const faults = await Promise.all(requests.map(async (request) => ({ request, fault: await sender.send(request) })));
        const wrong = faults.filter(({ fault }) => fault !== undefined).map(({ request, fault }) => `${fault} ← ${shown(request)}`);
        expect(wrong).toEqual([]);
      });
      // What fails is shown whole; shrinking hundreds of requests against a running shop would take long and tell no more.
      await fc.assert(answered, { seed, numRuns: Math.ceil(total / BATCH), endOnFailure: true });
      const sum = [...sender.statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${status}×${count}`).join(' ');
      say(`${total} requests in ${((performance.now() - began) / 1_000).toFixed(1)} s: ${sum}`);
      if (total >= 5_000) expect([...sender.statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 409, 412, 413, 415]));
    } finally {
      await sender.close();
      await restore(shop, menu);
    }
    expect((await shop.describe()).processes).toEqual(before);
    const after = await newCustomer(shop);
    expect((await after.place({ headers: { prefer: 'wait=30' } })).body).toMatchObject({ status: 'ready' });
  }, TIMEOUT_MS);
});
