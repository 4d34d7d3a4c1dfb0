import { NotificationPage } from '@doubleshot/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { API, newCustomer } from './support/customer.ts';
import { describeEachTopology } from './support/shop.ts';

interface Parked {
  source: string;
  attempts: number;
  reason: string;
}

describeEachTopology('a message that cannot be handled', (shop) => {
  const opsOrigin = (): string => shop.processes.find(({ modules }) => modules.includes('notifications'))!.opsOrigin;
  const parked = async (): Promise<Parked[]> => ((await (await fetch(`${opsOrigin()}/parked`)).json()) as { items: Parked[] }).items;
  const mailsTo = async (address: string): Promise<number> => (await shop.mailsTo(address)).length;

  test('is parked with its reason while its neighbours go on, and a replay has its effect once', async () => {
    const [ada, bob] = [await newCustomer(shop), await newCustomer(shop)];
    await shop.refuseMail(ada.email);
    onTestFinished(() => shop.acceptMail(ada.email));
    await ada.place({ headers: { prefer: 'wait=20' } });
    await expect.poll(parked, { timeout: 20_000 }).toMatchObject([{ source: 'notifications.email', attempts: 1, reason: expect.stringContaining('550 no such mailbox') }]);
    await bob.place({ headers: { prefer: 'wait=20' } });
    await expect.poll(() => mailsTo(bob.email), { timeout: 20_000 }).toBe(1);
    await expect.poll(async () => NotificationPage.parse((await ada.request(`${API}/notifications`)).body).items.length, { timeout: 20_000 }).toBe(1);
    expect(await mailsTo(ada.email)).toBe(0);

    await shop.acceptMail(ada.email);
    const replay = await fetch(`${opsOrigin()}/parked/notifications.email/replay`, { method: 'POST' });
    expect(await replay.json()).toEqual({ replayed: 1 });
    await expect.poll(() => mailsTo(ada.email), { timeout: 20_000 }).toBe(1);
    expect(await parked()).toEqual([]);
    expect((await fetch(`${opsOrigin()}/parked/nonsense/replay`, { method: 'POST' })).status).toBe(404);
  });
});
