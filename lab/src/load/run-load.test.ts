import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../backends/free-port.ts';
import type { Ledger } from './ledger.ts';
import { runLoad, type LoadOptions, type LoadProgress } from './run-load.ts';

const MENU = { items: [{ id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'Espresso', station: 'espresso', priceCents: 250, available: true, stock: 9, version: 1 }] };
const NOWHERE: Ledger = { path: '', write: () => undefined, synced: () => Promise.resolve(), close: () => Promise.resolve() };
const CUSTOMER = { id: 'c1', email: 'c1@customers.doubleshot.test', token: () => Promise.resolve('token') };

function loadOf(baseUrl: string, onProgress?: (progress: LoadProgress) => void): LoadOptions {
  return { baseUrl, ledger: NOWHERE, seed: 1, pace: { concurrency: 2 }, orders: 5, customers: [CUSTOMER], ...(onProgress && { onProgress }) };
}

/** Has a menu, and answers every order with 404. */
async function startShop(): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url?.endsWith('/menu') === true ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(MENU));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('when nobody asks to be told of each order, then progress counts what was sent all the same', async () => {
  const told: LoadProgress[] = [];
  await runLoad(loadOf(await startShop(), (progress) => { told.push(progress); }));
  expect(told.map(({ ended }) => ended)).toEqual([1, 2, 3, 4, 5]);
  expect(told.every(({ sent, ended }) => sent >= ended)).toBe(true);
  expect(told.at(-1)).toMatchObject({ sent: 5, total: 5 });
});

test('when nothing answers, then one sentence says where', async () => {
  const baseUrl = `http://127.0.0.1:${await freePort()}`;
  await expect(runLoad({ ...loadOf(baseUrl), customers: 2 })).rejects.toThrow(`nothing answers at ${baseUrl}: ECONNREFUSED; is this the origin of a gateway, and is the shop up?`);
});
