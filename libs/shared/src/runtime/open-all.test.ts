import { expect, test } from 'vitest';
import { openAll, type Closable } from './open-all.ts';

function openersOf(log: string[], names: readonly string[], onOpen: (name: string) => void = () => undefined): (() => Promise<Closable>)[] {
  return names.map((name) => () => {
    onOpen(name);
    log.push(`open ${name}`);
    return Promise.resolve({ close: () => { log.push(`close ${name}`); return Promise.resolve(); } });
  });
}

test('opens in order, and closes everything once', async () => {
  const log: string[] = [];
  const all = await openAll(openersOf(log, ['a', 'b']), new AbortController().signal);
  await Promise.all([all.close(), all.close()]);
  expect(log).toEqual(['open a', 'open b', 'close a', 'close b']);
});

test('when one cannot be opened, those before it are closed', async () => {
  const log: string[] = [];
  const failing = openersOf(log, ['a', 'b', 'c'], (name) => { if (name === 'c') throw new Error('no c'); });
  await expect(openAll(failing, new AbortController().signal)).rejects.toThrow('no c');
  expect(log).toEqual(['open a', 'open b', 'close a', 'close b']);
});

test('once aborted, opens no more, and what is open can be closed', async () => {
  const log: string[] = [];
  const stopping = new AbortController();
  const all = await openAll(openersOf(log, ['a', 'b'], () => { stopping.abort(); }), stopping.signal);
  await all.close();
  expect(log).toEqual(['open a', 'close a']);
});
