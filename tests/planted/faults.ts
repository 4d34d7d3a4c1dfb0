import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, SqlExecutor } from '@doubleshot/shared/database';
import type { Mailer } from '@doubleshot/shared/mail';
import { UnroutableError, type DeliveryHandler, type EventLog, type TaskQueue } from '@doubleshot/shared/messaging';
import type { ModuleDefinition, ModuleDeps } from '@doubleshot/shared/runtime';

const ANSWER_LATE_MS = 150;

type Statement = Parameters<SqlExecutor['query']>[0];
type Deps = ModuleDeps<unknown>;

/** Something done to what a module is given. The module itself stays the real one. */
export type Fault = (deps: Deps) => Partial<Deps>;

/** A module that is created with broken parts. */
export function plant(definition: ModuleDefinition, fault: Fault): ModuleDefinition {
  return { ...definition, create: (deps) => definition.create({ ...deps, ...fault(deps) } as typeof deps) };
}

export function nameOf(statement: Statement): string {
  return typeof statement === 'string' ? '' : statement.name;
}

export function placesAnOrder(statement: Statement): boolean {
  return (typeof statement === 'string' ? statement : statement.text).includes('INSERT INTO orders.orders');
}

/** Every handler of the log and of the queue goes through `wrap`. */
export function wrapHandlers({ eventLog, taskQueue }: Deps, wrap: (handler: DeliveryHandler) => DeliveryHandler): Pick<Deps, 'eventLog' | 'taskQueue'> {
  return {
    eventLog: override<EventLog>(eventLog, { subscribe: (options) => eventLog.subscribe({ ...options, handler: wrap(options.handler) }) }),
    taskQueue: override<TaskQueue>(taskQueue, { consume: (options) => taskQueue.consume({ ...options, handler: wrap(options.handler) }) }),
  };
}

export type QueryFault = (sql: SqlExecutor, statement: Statement, values?: readonly unknown[]) => Promise<readonly object[]>;

/** Every statement, within transactions too, goes through `query`. */
export function wrapDatabase(database: Database, query: QueryFault): Database {
  const wrapped = <S extends SqlExecutor>(sql: S): S =>
    override<SqlExecutor>(sql, { query: <Row extends object>(statement: Statement, values?: readonly unknown[]) => query(sql, statement, values) as Promise<readonly Row[]> }) as S;
  return override(wrapped(database), { transaction: (work, deadline) => database.transaction((transaction) => work(wrapped(transaction)), deadline) });
}

/** The same object but for `changes`. Built on it, not copied: it may have getters. */
export function override<T extends object>(object: T, changes: Partial<T>): T {
  return Object.assign(Object.create(object) as T, changes);
}

/** Legal: brokers may deliver a message twice. */
export const deliverTwice: Fault = (deps) =>
  wrapHandlers(deps, (handler) => async (delivery) => {
    await handler(delivery);
    return handler(delivery);
  });

/** Legal: the e-mail queue appears only some time after the first message for it. */
export function emailQueueComesLate(afterMs: number): Fault {
  let from = Infinity;
  return ({ taskQueue }) => ({
    taskQueue: override<TaskQueue>(taskQueue, {
      send: (exchange, messages) => {
        const email = messages.find((message) => message.key.startsWith('email.'));
        if (email !== undefined) from = Math.min(from, performance.now() + afterMs);
        return email !== undefined && performance.now() < from ? Promise.reject(new UnroutableError(exchange, email.key)) : taskQueue.send(exchange, messages);
      },
    }),
  });
}

/** Legal: the commit of some orders takes long. */
export const slowCommits: Fault = ({ database }) => {
  let orders = 0;
  return {
    database: wrapDatabase(database, async (sql, statement, values) => {
      if (!placesAnOrder(statement) || ++orders % 7 !== 0) return sql.query(statement, values);
      return database.transaction(async (transaction) => {
        const rows = await transaction.query(statement, values);
        await sleep(150);
        return rows;
      });
    }),
  };
};

/** Legal: between an order's commit and its answer time passes, in which the process may end. */
export const slowAnswers: Fault = ({ database }) => ({
  database: wrapDatabase(database, async (sql, statement, values) => {
    const rows = await sql.query(statement, values);
    if (placesAnOrder(statement)) await sleep(ANSWER_LATE_MS);
    return rows;
  }),
});

/** Legal: the mail server has an e-mail some time before it says so. */
export const slowMailServer: Fault = ({ mailer }) => ({
  mailer: override<Mailer>(mailer, {
    send: async (mail) => {
      await mailer.send(mail);
      await sleep(ANSWER_LATE_MS);
    },
  }),
});

/** Legal: a statement fails now and then, and works when it is tried again. */
export const failsNowAndThen: Fault = ({ database }) => {
  let statements = 0;
  return {
    database: wrapDatabase(database, (sql, statement, values) => {
      if (nameOf(statement) === 'notifications.tell-order-fact' && ++statements % 5 === 0) return Promise.reject(new Error('not this time'));
      return sql.query(statement, values);
    }),
  };
};
