import pg from 'pg';

/** Runs SQL in a database behind the back of the shop, to break what no API offers to break. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
