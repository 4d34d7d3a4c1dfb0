import type pg from 'pg';
import { Gauge, type Registry } from 'prom-client';

/** Tells of a pool when the metrics are read: how many connections are in use or idle, how many there may be, and how many callers wait for one. */
export function measurePool(pool: pg.Pool, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'doubleshot_database_pool_connections',
    help: 'Connections to the database, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
    },
  });
  new Gauge({ name: 'doubleshot_database_pool_size', help: 'Most connections to the database at once.', registers, collect() { this.set(pool.options.max); } });
  new Gauge({ name: 'doubleshot_database_pool_waiting', help: 'Callers that wait for a connection to the database.', registers, collect() { this.set(pool.waitingCount); } });
}
