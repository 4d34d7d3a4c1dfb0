import { expect, test } from 'vitest';
import { encodeCursor } from './cursor.ts';
import { readPage, type PagePart } from './page.ts';

const IDS = [5, 4, 3, 2, 1].map((digit) => `019aaf00-0000-7000-8000-00000000000${digit}`);

function find({ limit, before }: PagePart): Promise<{ id: string }[]> {
  return Promise.resolve(IDS.filter((id) => before === undefined || id < before).slice(0, limit).map((id) => ({ id })));
}

test.each([1, 2, 4, 5, 6])('when a list of five is read in pages of %i, then every item comes once, newest first, and no empty page follows', async (limit) => {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage({ limit, cursor }, find);
    pages.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(pages.flat()).toEqual(IDS);
  expect(pages).toHaveLength(Math.ceil(IDS.length / limit));
});

test('when there is nothing, then the page is empty and the last', async () => {
  expect(await readPage({ limit: 2 }, () => Promise.resolve([]))).toEqual({ items: [] });
});

test.each(['', 'bm90IGpzb24', encodeCursor({ before: 'yesterday' }), encodeCursor({ before: IDS[0], limit: 1 })])('when the cursor is %j, then it is refused and nothing is read', async (cursor) => {
  await expect(readPage({ limit: 2, cursor }, () => Promise.reject(new Error('read')))).rejects.toMatchObject({ code: 'cursor_invalid' });
});
