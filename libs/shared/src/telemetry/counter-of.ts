import { Counter, type CounterConfiguration, type Registry } from 'prom-client';

/** The counter of this name in a registry, made where there is none yet: several parts of a process may share one. */
export function counterOf<T extends string>(registry: Registry, configuration: Omit<CounterConfiguration<T>, 'registers'>): Counter<T> {
  const existing = registry.getSingleMetric(configuration.name);
  return existing instanceof Counter ? existing : new Counter({ ...configuration, registers: [registry] });
}
