import { setTimeout as sleep } from 'node:timers/promises';
import { runSql } from '../../backends/run-sql.ts';
import type { Backend } from '../backends.ts';
import type { Stage } from '../stage.ts';
import type { Trial } from '../trial.ts';

const LASTS_MS = 30_000;
/** Longer than the session of a consumer that was killed. */
const GROUP_EMPTY_WITHIN_MS = 30_000;

/** Every outbox of a database writes each message three times, with the same id. */
const THRICE = `
  DO $do$ DECLARE home text; BEGIN
    FOR home IN SELECT schemaname FROM pg_tables WHERE tablename = 'outbox' LOOP
      EXECUTE format('CREATE OR REPLACE FUNCTION %I.thrice() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN
        INSERT INTO %I.outbox (target, destination, key, message_id, payload, headers)
          SELECT NEW.target, NEW.destination, NEW.key, NEW.message_id, NEW.payload, NEW.headers FROM generate_series(1, 2);
        RETURN NULL; END $f$', home, home);
      EXECUTE format('CREATE TRIGGER thrice AFTER INSERT ON %I.outbox FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION %I.thrice()', home, home);
    END LOOP; END $do$`;
const ONCE = `
  DO $do$ DECLARE home text; BEGIN
    FOR home IN SELECT schemaname FROM pg_tables WHERE tablename = 'outbox' LOOP EXECUTE format('DROP TRIGGER IF EXISTS thrice ON %I.outbox', home); END LOOP;
  END $do$`;

/** F11: what was delivered before is delivered again. */
export function duplicates(stage: Stage): Trial[] {
  const { shop, backends } = stage;
  const works = { works: ['menu', 'log in', 'order', 'look'] } as const;
  const trials: Trial[] = shop.processes
    .filter(({ modules }) => modules.includes('orders'))
    .map((process) => ({
      fault: 'F11',
      name: `a second ${process.name}, and so a second relay`,
      inflict: async ({ hold }) => {
        const twin = await stage.startTwin(process.name);
        await hold(LASTS_MS);
        await twin.stop();
        return { kills: 1 };
      },
      expects: works,
    }));
  const { eventLog } = backends;
  trials.push({ fault: 'F11', name: 'each message three times', inflict: ({ hold }) => thrice(hold), expects: works });
  if (eventLog?.exec !== undefined) trials.push({ fault: 'F11', name: 'every topic from its beginning', inflict: () => fromTheBeginning(eventLog) });
  return trials;

  async function thrice(hold: (ms: number) => Promise<void>): ReturnType<Trial['inflict']> {
    const everywhere = async (sql: string): Promise<void> => {
      for (const name of stage.databases) await runSql(backends.server.url(name), sql);
    };
    await everywhere(THRICE);
    await hold(LASTS_MS);
    await everywhere(ONCE);
    return { kills: 0 };
  }

  async function fromTheBeginning(log: Backend): ReturnType<Trial['inflict']> {
    const consumers = shop.processes.filter(({ modules }) => modules.some((name) => name !== 'gateway'));
    await Promise.all(consumers.map((process) => process.kill('SIGKILL')));
    const groups = ['/opt/kafka/bin/kafka-consumer-groups.sh', '--bootstrap-server', 'localhost:19092'];
    const reset = [...groups, '--all-groups', '--all-topics', '--reset-offsets', '--to-earliest', '--execute'];
    const deadline = performance.now() + GROUP_EMPTY_WITHIN_MS;
    // Offsets of a group can be set once none of its members is taken for alive.
    while (!(await log.exec?.(...reset).catch(() => ''))?.includes('orders.v1')) {
      if (performance.now() > deadline) throw new Error('the consumer groups did not become empty');
      await sleep(1_000);
    }
    await Promise.all(consumers.map((process) => process.restart()));
    return { kills: consumers.length };
  }
}
