/** Every specification here runs against each of these. */
export const TOPOLOGIES = ['monolith', 'microservices', 'gateway+auth | orders+notifications'] as const;

/** Orders brewed at once at each station. Few, so that a test can keep a station busy. */
export const BREW_CONCURRENCY = 4;
