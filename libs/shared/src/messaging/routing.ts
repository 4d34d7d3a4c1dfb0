import type { ExchangeKind, Queue } from '@doubleshot/contracts';
import type { QueueTopology } from './task-queue.ts';

/** Finds the queues that a message goes to. */
export interface Router {
  /** Adds what is not known yet; throws when a queue names an unknown exchange or an exchange changes its kind. */
  declare(topology: QueueTopology): void;
  /** Names of the queues bound for `routingKey`; throws for an undeclared exchange. */
  route(exchange: string, routingKey: string): readonly string[];
  /** Throws unless the exchange was declared as a fanout. */
  requireFanout(exchange: string): void;
  queue(name: string): Queue;
  queues(): readonly Queue[];
}

/** AMQP 0-9-1 routing: direct by equal key, topic by words with `*` (one) and `#` (any number), fanout to all. */
export function createRouter(): Router {
  const kinds = new Map<string, ExchangeKind>();
  const queues = new Map<string, Queue>();
  const routes = new Map<string, readonly string[]>();

  function kindOf(exchange: string): ExchangeKind {
    const kind = kinds.get(exchange);
    if (kind === undefined) throw new Error(`exchange "${exchange}" was not declared`);
    return kind;
  }

  return {
    declare: (topology) => {
      for (const { name, kind } of topology.exchanges) {
        if ((kinds.get(name) ?? kind) !== kind) throw new Error(`exchange "${name}" is declared as ${kinds.get(name)} and as ${kind}`);
        kinds.set(name, kind);
      }
      for (const queue of topology.queues) {
        kindOf(queue.exchange);
        queues.set(queue.name, queue);
      }
      routes.clear();
    },
    route: (exchange, routingKey) => {
      const cacheKey = `${exchange}\n${routingKey}`;
      let names = routes.get(cacheKey);
      if (names === undefined) {
        const kind = kindOf(exchange);
        names = [...queues.values()].filter((queue) => queue.exchange === exchange && isBound(kind, queue.bindingKey, routingKey)).map(({ name }) => name);
        if (routes.size >= ROUTES_REMEMBERED) routes.clear();
        routes.set(cacheKey, names);
      }
      return names;
    },
    requireFanout: (exchange) => {
      if (kindOf(exchange) !== 'fanout') throw new Error(`exchange "${exchange}" is not a fanout`);
    },
    queue: (name) => {
      const queue = queues.get(name);
      if (queue === undefined) throw new Error(`queue "${name}" was not declared`);
      return queue;
    },
    queues: () => [...queues.values()],
  };
}

const ROUTES_REMEMBERED = 1_000;

function isBound(kind: ExchangeKind, bindingKey: string, routingKey: string): boolean {
  if (kind === 'fanout') return true;
  return kind === 'direct' ? bindingKey === routingKey : matchesTopic(bindingKey.split('.'), routingKey.split('.'));
}

function matchesTopic(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return matchesTopic(rest, words) || (words.length > 0 && matchesTopic(pattern, words.slice(1)));
  return words.length > 0 && (first === '*' || first === words[0]) && matchesTopic(rest, words.slice(1));
}
