import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../../tests/setup/test-database.ts';
import { databaseContract } from './contract/database-contract.ts';
import { createDatabase } from './create-database.ts';

const logger = pino({ level: 'silent' });

databaseContract({
  name: 'postgres: from npm',
  createUrl: createTestDatabase,
  open: (options) => createDatabase({ ...options, applicationName: 'database-test', logger }),
});

test('the use of the pool can be read: used, idle, the most there may be, and who waits', async () => {
  const metrics = new Registry();
  const database = createDatabase({ url: await createTestDatabase(), poolSize: 1, applicationName: 'pool-test', logger, metrics });
  const figures = async (): Promise<number[]> => {
    const text = await metrics.metrics();
    return ['connections{state="used"}', 'connections{state="idle"}', 'size', 'waiting'].map((name) => Number(text.split(`\ndoubleshot_database_pool_${name} `)[1]?.split('\n')[0]));
  };
  try {
    expect(await figures()).toEqual([0, 0, 1, 0]);
    let waiting: Promise<unknown> | undefined;
    await database.transaction(async () => {
      waiting = database.query('SELECT 1');
      expect(await figures()).toEqual([1, 0, 1, 1]);
    });
    await waiting;
    expect(await figures()).toEqual([0, 1, 1, 0]);
  } finally {
    await database.close();
  }
});
