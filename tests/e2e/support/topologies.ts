import { readEnvironment } from '../../../lab/src/environment.ts';

/** What this run's shops stand on: set by the project of vitest. */
export const BACKENDS = readEnvironment()['E2E_BACKENDS'] === 'containers' ? 'containers' : 'embedded';

// For what starts the shops, which belongs to no project and has no variables of one.
export const TOPOLOGIES_IN_CONTAINERS = ['monolith', 'microservices'] as const;
export const EMBEDDED_TOPOLOGIES = [...TOPOLOGIES_IN_CONTAINERS, 'gateway+auth | orders+notifications'] as const;

/** Every specification here runs against each of these. */
export const TOPOLOGIES = BACKENDS === 'containers' ? TOPOLOGIES_IN_CONTAINERS : EMBEDDED_TOPOLOGIES;

/** Orders brewed at once at each station. Few, so that a test can keep a station busy. */
export const BREW_CONCURRENCY = 4;

/** Of every shop that tests run against. Tests name their own traces: to find the spans, or to have none. */
export const SHOP_SETTINGS = { RATE_LIMIT_PER_SECOND: '0', BREW_TIME_SCALE: '0.1', BREW_CONCURRENCY: String(BREW_CONCURRENCY), LOG_LEVEL: 'warn', TRUST_TRACE_CONTEXT: 'true' };
