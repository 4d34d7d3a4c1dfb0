import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PACKAGES = ['libs/contracts', 'libs/shared', 'services/auth', 'services/gateway', 'services/monolith', 'services/notifications', 'services/orders', 'lab'];
const NPM = ['zod', 'express', 'pg', 'pg-boss', 'pino', 'pino-http', '@elastic/ecs-pino-format', 'kafkajs', 'amqplib', 'ioredis', '@opentelemetry/sdk-node', '@opentelemetry/resources', '@opentelemetry/context-async-hooks', '@opentelemetry/api'];

/** A small tree with every room of the real one, in which all rules hold. */
const CLEAN: Readonly<Record<string, string>> = {
  'libs/contracts/src/index.ts': `export * from './order.ts';`,
  'libs/contracts/src/order.ts': `import { z } from 'zod';\nexport const Order = z;`,
  'libs/shared/src/cache/index.ts': `export * from './cache.ts';`,
  'libs/shared/src/cache/cache.ts': 'export const cache = 1;',
  'libs/shared/src/database/index.ts': `export * from './pool.ts';`,
  'libs/shared/src/database/pool.ts': `import pg from 'pg';\nimport { Order } from '@doubleshot/contracts';\nexport const pool = [pg, Order];`,
  'services/auth/src/index.ts': `export * from './auth-module.ts';`,
  'services/auth/src/auth-module.ts': `import { pool } from '@doubleshot/shared/database';\nexport const authModule = pool;`,
  'services/orders/src/index.ts': `export * from './orders-module.ts';`,
  'services/orders/src/menu/menu-source.ts': `import { cache } from '@doubleshot/shared/cache';\nexport const menu = cache;`,
  'services/orders/src/orders-module.ts': `import { Order } from '@doubleshot/contracts';\nimport { menu } from './menu/menu-source.ts';\nexport const ordersModule = [Order, menu];`,
  'services/monolith/src/main.ts': `import { authModule } from '@doubleshot/auth';\nimport { ordersModule } from '@doubleshot/orders';\nexport default [authModule, ordersModule];`,
  'lab/src/load.ts': `import { Order } from '@doubleshot/contracts';\nexport const load = Order;`,
  'tests/e2e/order.ts': `import { load } from '../../lab/src/load.ts';\nexport const order = load;`,
};

export interface RoomFixture {
  folder: string;
  remove(): Promise<void>;
}

/** Writes the clean tree and what a probe adds to it into a temporary folder. */
export async function createRoomFixture(probe: Readonly<Record<string, string>>): Promise<RoomFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'doubleshot-rooms-'));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const [path, text] of Object.entries({ ...CLEAN, ...probe })) await write(path, `${text}\n`);
  for (const name of PACKAGES) {
    const exports = name === 'libs/shared' ? { './*': './src/*/index.ts' } : { '.': './src/index.ts' };
    const packageName = `@doubleshot/${name.split('/').at(-1) ?? ''}`;
    await write(`${name}/package.json`, JSON.stringify({ name: packageName, type: 'module', exports }));
    await mkdir(join(folder, 'node_modules/@doubleshot'), { recursive: true });
    await symlink(join(folder, name), join(folder, 'node_modules', packageName));
  }
  for (const name of NPM) {
    await write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: './index.js' }));
    await write(`node_modules/${name}/index.js`, 'module.exports = {};');
  }
  await write('package.json', JSON.stringify({ name: 'fixture', type: 'module', dependencies: Object.fromEntries(NPM.map((name) => [name, '*'])) }));
  await write('tsconfig.json', JSON.stringify({ compilerOptions: { module: 'nodenext', target: 'es2024' } }));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
