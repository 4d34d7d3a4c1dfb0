import type { ProcessGroup } from '../topology/parse-topology.ts';
import type { Variables } from '../topology/start-shop.ts';
import type { Undo } from '../topology/undo.ts';
import { openLink, type Link } from './link.ts';

/** Every connection between two parts of a shop, each over a link of its own. */
export interface Wiring {
  /** Where Kafka tells its clients to find it: one link for all of them. */
  readonly kafkaPort: number;
  /** Over which something passed. */
  links(): readonly Link[];
  /** The variables of a process, led over its links. */
  rewire(group: ProcessGroup, variables: Variables): Variables;
}

/** Variables whose value is an address, with the name of what is there. */
const PEERS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'database',
  EVENT_LOG_URL: 'event log',
  TASK_QUEUE_URL: 'task queue',
  CACHE_URL: 'cache',
  SMTP_URL: 'mail',
  AUTH_URL: 'auth',
  ORDERS_URL: 'orders',
  NOTIFICATIONS_URL: 'notifications',
};
const KAFKA = 'kafka:';
/** More than any topology has connections between its parts. */
const LINKS = 32;

interface Line {
  link: Link;
  target: { host: string; port: number };
}

/** Opens links before it is known what they are for: addresses of processes are asked for when there is no time to wait. */
export async function openWiring(undo: Undo): Promise<Wiring> {
  const free: Line[] = [];
  for (let count = 0; count <= LINKS; count += 1) {
    const target = { host: '127.0.0.1', port: 9 };
    free.push({ target, link: await openLink('unused', () => target) });
  }
  undo.add(async () => { await Promise.all([...free, ...used.values()].map(({ link }) => link.close())); });
  const used = new Map<string, Line>();
  const kafka = take('everybody → event log');

  function take(name: string): Line {
    const known = used.get(name);
    if (known !== undefined) return known;
    const line = free.pop();
    if (line === undefined) throw new Error(`no link is left for "${name}"`);
    line.link.name = name;
    used.set(name, line);
    return line;
  }

  function over(line: Line, url: string): string {
    const address = /^([a-z+]+:)\/\/(.*@)?([^/:]+):(\d+)(.*)$/.exec(url);
    if (address === null) return url;
    const [, protocol = '', login = '', host = '', port = '', rest = ''] = address;
    line.target = Object.assign(line.target, { host, port: Number(port) });
    return `${protocol}//${login}127.0.0.1:${line.link.port}${rest}`;
  }

  return {
    kafkaPort: kafka.link.port,
    links: () => [...used.values()].map(({ link }) => link).filter((link) => link.used),
    rewire: (group, variables) =>
      Object.fromEntries(
        Object.entries(PEERS).flatMap(([variable, peer]) => {
          const url = variables[variable];
          if (url?.includes('//') !== true) return [];
          if (url.startsWith(KAFKA)) return [[variable, over(kafka, url)]];
          // In the database, too: the same cable.
          const there = url.startsWith('postgres') ? 'database' : peer;
          return [[variable, over(take(`${group.name} → ${there}`), url)]];
        }),
      ),
  };
}
