import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hold } from '../../../../../tests/setup/hold.ts';
import { DatabaseUnavailableError, isUniqueViolation, REQUEST_DEADLINE_MS, sqlState, type Database } from '../index.ts';

export interface DatabaseUnderTest {
  name: string;
  /** Creates an empty database on the server. */
  createUrl(): Promise<string>;
  /** Opens a database, under the application name `database-test`. */
  open(options: { url: string; poolSize: number }): Database;
}

/** What every database does. */
export function databaseContract({ name, createUrl, open: openAt }: DatabaseUnderTest): void {
  describe(`database: ${name}`, () => {
    const opened: Database[] = [];
    let url: string;

    beforeAll(async () => {
      url = await createUrl();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((database) => database.close()));
    });

    function open(options: { url?: string; poolSize?: number } = {}): Database {
      const database = openAt({ url, poolSize: 3, ...options });
      opened.push(database);
      return database;
    }

    test('a named statement answers its rows each time', async () => {
      const database = open();
      for (const value of [1, 2, 3]) {
        const rows = await database.query<{ n: number }>({ name: 'echo', text: 'SELECT $1::int AS n' }, [value]);
        expect(rows).toEqual([{ n: value }]);
      }
    });

    test('every time-out is set on a connection', async () => {
      const [row] = await open().query(
        `SELECT current_setting('statement_timeout') AS s, current_setting('lock_timeout') AS l, current_setting('idle_in_transaction_session_timeout') AS i,
                current_setting('application_name') AS a`,
      );
      expect(row).toEqual({ s: '5s', l: '3s', i: '15s', a: 'database-test' });
    });

    test('a transaction commits what it did, and nothing when its work rejects', async () => {
      const database = open();
      await database.query('CREATE TABLE kept (n int PRIMARY KEY)');
      await database.transaction((transaction) => transaction.query('INSERT INTO kept VALUES (1)'));
      await expect(
        database.transaction(async (transaction) => {
          await transaction.query('INSERT INTO kept VALUES (2)');
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      expect(await database.query('SELECT n FROM kept')).toEqual([{ n: 1 }]);
    });

    test('a swallowed failure inside a transaction does not pass for a commit', async () => {
      const database = open();
      await expect(
        database.transaction(async (transaction) => {
          await transaction.query('SELECT 1/0').catch(() => undefined);
        }),
      ).rejects.toThrow('rolled back');
    });

    test('a transaction cannot be used when it is over', async () => {
      const database = open();
      const leaked = await database.transaction((transaction) => Promise.resolve(transaction));
      await expect(leaked.query('SELECT 1')).rejects.toThrow('over');
    });

    test('a unique violation is told from other errors and keeps its SQLSTATE', async () => {
      const database = open();
      await database.query('CREATE TABLE single (n int CONSTRAINT one_each PRIMARY KEY)');
      await database.query('INSERT INTO single VALUES (1)');
      const error: unknown = await database.query('INSERT INTO single VALUES (1)').catch((reason: unknown) => reason);
      expect(isUniqueViolation(error)).toBe(true);
      expect(isUniqueViolation(error, 'one_each')).toBe(true);
      expect(isUniqueViolation(error, 'another')).toBe(false);
      const other: unknown = await database.query('SELECT 1/0').catch((reason: unknown) => reason);
      expect(isUniqueViolation(other)).toBe(false);
      expect(sqlState(other)).toBe('22012');
    });

    test('without a free connection a statement is refused within a second', async () => {
      const database = open({ poolSize: 1 });
      const release = await hold((held) => database.transaction(held));
      const startedMs = performance.now();
      await expect(database.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      await release();
      expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    });

    test('with nobody listening, and with a server that accepts but never answers, a statement is refused within a second', async () => {
      const sockets = new Set<import('node:net').Socket>();
      const silent = createServer((socket) => { sockets.add(socket); });
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as AddressInfo;
      const startedMs = performance.now();
      await expect(open({ url: `postgres://u:p@127.0.0.1:${port}/d` }).query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
      await expect(open({ url: `postgres://u:p@127.0.0.1:${port}/d` }).ready()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    });

    test('a statement that takes too long is refused and its connection is not used again', async () => {
      const database = open({ poolSize: 1 });
      await expect(database.query('SELECT pg_sleep(3)')).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    });

    test('a transaction with a deadline is refused when that is over, however many statements it makes, and holds nothing', async () => {
      const database = open({ poolSize: 1 });
      await database.query('CREATE TABLE held (n int)');
      const startedMs = performance.now();
      const slow = database.transaction(
        async (transaction) => {
          await transaction.query('INSERT INTO held VALUES (1)');
          for (let n = 0; n < 20; n += 1) await transaction.query('SELECT pg_sleep(0.2)');
        },
        { deadlineMs: REQUEST_DEADLINE_MS },
      );
      await expect(slow).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - startedMs).toBeLessThan(1_200);
      expect(await database.query('SELECT n FROM held')).toEqual([]);
    });

    test('a transaction with a deadline that runs out between its statements is rolled back', async () => {
      const database = open({ poolSize: 1 });
      const late = database.transaction(
        async (transaction) => {
          await new Promise((resolve) => setTimeout(resolve, 60));
          await transaction.query('SELECT 1');
        },
        { deadlineMs: 50 },
      );
      await expect(late).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(await database.transaction((transaction) => transaction.query('SELECT 1 AS n'), { deadlineMs: 500 })).toEqual([{ n: 1 }]);
    });

    test('a statement with a deadline waits no longer for a connection and its answer together', async () => {
      const database = open({ poolSize: 1 });
      await expect(database.query('SELECT pg_sleep(0.7)', [], { deadlineMs: 200 })).rejects.toBeInstanceOf(DatabaseUnavailableError);
      const release = await hold((held) => database.transaction(held));
      const startedMs = performance.now();
      await expect(database.query('SELECT 1', [], { deadlineMs: 200 })).rejects.toBeInstanceOf(DatabaseUnavailableError);
      expect(performance.now() - startedMs).toBeLessThan(700);
      await release();
      expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    });

    test('connections cut by the server, idle or busy, do not end the process and the next statement works', async () => {
      const database = open();
      await database.query('SELECT 1');
      const cut = async (): Promise<void> => {
        const admin = new pg.Client({ connectionString: url });
        await admin.connect();
        await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'database-test'`);
        await admin.end();
      };
      const busy = database.transaction((transaction) => transaction.query('SELECT pg_sleep(5)'));
      const refused = expect(busy).rejects.toBeInstanceOf(DatabaseUnavailableError);
      await cut();
      await refused;
      await expect.poll(() => database.query('SELECT 1 AS n').catch(() => [])).toEqual([{ n: 1 }]);
    });

    test('migrations are applied once, also by several processes at once, and only what is new later', async () => {
      const first = { id: '001-create', sql: 'CREATE TABLE thing (n int); INSERT INTO thing VALUES (1)' };
      const second = { id: '002-more', sql: 'INSERT INTO thing VALUES (2)' };
      const databases = [open(), open(), open(), open()];
      await Promise.all(databases.map((database) => database.migrate('migrated', [first])));
      await Promise.all(databases.map((database) => database.migrate('migrated', [first, second])));
      expect(await open().query('SELECT n FROM migrated.thing ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
    });

    test('a failing migration leaves nothing behind and a changed order is refused', async () => {
      const database = open();
      const good = { id: '001-good', sql: 'CREATE TABLE good (n int)' };
      await expect(database.migrate('broken', [good, { id: '002-bad', sql: 'CREATE TABEL oops' }])).rejects.toThrow('syntax error');
      expect(await database.query(`SELECT 1 FROM information_schema.schemata WHERE schema_name = 'broken'`)).toEqual([]);
      await database.migrate('broken', [good]);
      await expect(database.migrate('broken', [{ id: '000-early', sql: 'SELECT 1' }, good])).rejects.toThrow('order of migrations must not change');
      await expect(database.migrate('broken', [good, good])).rejects.toThrow('listed twice');
      await expect(database.migrate('no"schema', [])).rejects.toThrow('not a name');
    });

    test('close is idempotent and refuses later statements', async () => {
      const database = open();
      await database.query('SELECT 1');
      await Promise.all([database.close(), database.close()]);
      await expect(database.query('SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    });
  });
}
