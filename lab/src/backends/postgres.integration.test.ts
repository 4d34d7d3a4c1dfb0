import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { undoEverything } from '../topology/undo.ts';
import { startPostgres } from './postgres.ts';

test('starts a durable PostgreSQL 18 with its databases and leaves nothing behind', async () => {
  const postgres = await startPostgres({ databases: ['orders'] });
  const client = new pg.Client({ connectionString: postgres.url('orders') });
  await client.connect();
  const { rows } = await client.query<{ version: string; directory: string; fsync: string }>(
    `select current_setting('server_version') as version, current_setting('data_directory') as directory, current_setting('fsync') as fsync`,
  );
  await client.end();
  await postgres.stop();
  await postgres.stop();
  expect(rows[0]).toMatchObject({ version: expect.stringMatching(/^18\./), fsync: 'on' });
  expect(existsSync(rows[0]?.directory ?? '')).toBe(false);
  expect(() => process.kill(postgres.pid, 0)).toThrow();
});

test('when it crashes and starts again, then committed rows are still there', async () => {
  const postgres = await startPostgres({ databases: ['orders'] });
  const before = new pg.Client({ connectionString: postgres.url('orders') });
  before.on('error', () => undefined);
  await before.connect();
  await before.query('create table kept (id int); insert into kept values (7)');
  const { pid } = postgres;
  await postgres.crash();
  await postgres.start();
  const after = new pg.Client({ connectionString: postgres.url('orders') });
  await after.connect();
  const { rows } = await after.query<{ id: number }>('select id from kept');
  await after.end();
  await postgres.stop();
  expect(rows).toEqual([{ id: 7 }]);
  expect(postgres.pid).not.toBe(pid);
});

test('when everything is taken back while its files are being made, then it never runs and leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'doubleshot-interrupted-'));
  onTestFinished(() => rm(temporary, { recursive: true, force: true }));
  // PostgreSQL may run as another user.
  await chmod(temporary, 0o755);
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => { vi.unstubAllEnvs(); });
  const outcome = startPostgres({ databases: ['orders'] }).catch(String);
  await expect.poll(() => readdir(temporary, { recursive: true }), { timeout: 20_000 }).toContainEqual(expect.stringMatching(/data\/base$/));
  await undoEverything();
  expect(await readdir(temporary)).toEqual([]);
  expect(await outcome).toBe('LabError: PostgreSQL was stopped while it started');
});
