import { ApiRefusal } from '../load/api-refusal.ts';
import type { ApiClient } from '../load/api-client.ts';
import { patiently } from '../load/patiently.ts';
import type { Customer } from '../load/customers.ts';
import type { z } from 'zod';

const PAGE_SIZE = 100;

export interface ListOptions<Item> {
  api: ApiClient;
  customer: Customer;
  path: string;
  page: z.ZodType<{ items: Item[]; nextCursor?: string | undefined }>;
}

/** Reads a customer's whole list, page by page. */
export async function readAllPages<Item>({ api, customer, path, page }: ListOptions<Item>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === undefined ? {} : { cursor }) });
    const one = await patiently(async () => {
      const answer = await api.request({ path: `${path}?${query.toString()}`, token: await customer.token() });
      if (answer.status !== 200) throw new ApiRefusal(`reading ${path}`, answer);
      return page.parse(answer.body);
    });
    items.push(...one.items);
    cursor = one.nextCursor;
  } while (cursor !== undefined);
  return items;
}
