import { Gauge, type Registry } from 'prom-client';
import { within } from './within.ts';

/** Less than a scraper waits (10 s unless told): a broker that does not answer must not hide the rest, nor look like a process that is gone. */
const READ_WITHIN_MS = 5_000;

/** Label values and a figure. */
export type Sample = [labels: Record<string, string>, value: number];

interface Scraped {
  gauge: Gauge;
  sources: Set<() => Promise<readonly Sample[]>>;
}

const byRegistry = new WeakMap<Registry, Map<string, Scraped>>();

export interface ScrapedGaugeOptions {
  name: string;
  help: string;
  labelNames: readonly string[];
  /** Asked at each scrape. A rejection, or no answer within `withinMs`, leaves its samples out. */
  read: () => Promise<readonly Sample[]>;
  /** {@link READ_WITHIN_MS} unless told. */
  withinMs?: number;
}

/**
 * A gauge that is read when `/metrics` is. Several sources (modules, adapters) of one registry share the gauge.
 * The answer takes the source away again.
 */
export function registerScrapedGauge(registry: Registry, { name, help, labelNames, read, withinMs = READ_WITHIN_MS }: ScrapedGaugeOptions): () => void {
  let gauges = byRegistry.get(registry);
  if (gauges === undefined) byRegistry.set(registry, (gauges = new Map<string, Scraped>()));
  let scraped = gauges.get(name);
  if (scraped === undefined) gauges.set(name, (scraped = create(registry, { name, help, labelNames })));
  const { sources } = scraped;
  const source = async (): Promise<readonly Sample[]> => within(withinMs, `reading ${name}`, read());
  sources.add(source);
  return () => { sources.delete(source); };
}

function create(registry: Registry, { name, help, labelNames }: Pick<ScrapedGaugeOptions, 'name' | 'help' | 'labelNames'>): Scraped {
  const sources: Scraped['sources'] = new Set();
  const gauge = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    async collect() {
      const answers = await Promise.allSettled([...sources].map((read) => read()));
      this.reset();
      for (const answer of answers) if (answer.status === 'fulfilled') for (const [labels, value] of answer.value) this.set(labels, value);
    },
  });
  return { gauge, sources };
}
