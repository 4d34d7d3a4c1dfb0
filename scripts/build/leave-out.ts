import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import type { Need } from '@doubleshot/shared/runtime';
import { ROOT } from './root.ts';

/** Adapters that an image may be built without, by the scheme of the URL that chooses each. */
export const ADAPTERS = ['postgres', 'kafka', 'amqp', 'redis'] as const;

export type Adapter = (typeof ADAPTERS)[number];

/** What is loaded only when it is wanted: by an import at run time of a file whose path begins so. */
type Part = { path: string; what: string } & ({ needs: readonly Need[] } | { adapter: Adapter });

const PARTS: readonly Part[] = [
  { path: 'libs/shared/src/database/', what: 'database', needs: ['database'] },
  { path: 'libs/shared/src/messaging/index.ts', what: 'messaging', needs: ['eventLog', 'taskQueue'] },
  { path: 'libs/shared/src/cache/index.ts', what: 'cache', needs: ['cache'] },
  { path: 'libs/shared/src/mail/', what: 'mail', needs: ['mailer'] },
  { path: 'libs/shared/src/messaging/postgres/', what: 'postgres', adapter: 'postgres' },
  { path: 'libs/shared/src/messaging/kafka/', what: 'kafka', adapter: 'kafka' },
  { path: 'libs/shared/src/messaging/rabbitmq/', what: 'amqp', adapter: 'amqp' },
  { path: 'libs/shared/src/cache/redis-cache.ts', what: 'redis', adapter: 'redis' },
];

export interface Wanted {
  needs: ReadonlySet<Need>;
  adapters: readonly Adapter[];
}

/** In the place of what is not wanted comes a sentence that says so, for whoever asks for it after all. */
export function leaveOut({ needs, adapters }: Wanted): Plugin {
  const unwanted = PARTS.filter((part) => ('needs' in part ? !part.needs.some((need) => needs.has(need)) : !adapters.includes(part.adapter)));
  return {
    name: 'leave out',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
        if (kind !== 'dynamic-import') return undefined;
        const file = relative(ROOT, join(resolveDir, path));
        const part = unwanted.find((each) => file.startsWith(each.path));
        return part === undefined ? undefined : { path: part.what, namespace: 'left-out' };
      });
      onLoad({ filter: /^/, namespace: 'left-out' }, ({ path }) => ({ contents: `throw new Error(${JSON.stringify(`this image was built without ${path}: see ADAPTERS in deploy/docker/Dockerfile`)});` }));
    },
  };
}

/** From a comma list, `all`, or nothing: then what the process is usually run with. */
export function adaptersOf(list: string, process: string): readonly Adapter[] {
  if (list === 'all') return ADAPTERS;
  // The monolith has its log and its queue in the process or in its database.
  if (list === '') return process === 'monolith' ? ['postgres', 'redis'] : ADAPTERS;
  return list.split(',').map((name) => {
    const adapter = ADAPTERS.find((each) => each === name.trim());
    if (adapter === undefined) throw new Error(`there is no adapter "${name}", only ${ADAPTERS.join(', ')}; or all`);
    return adapter;
  });
}
