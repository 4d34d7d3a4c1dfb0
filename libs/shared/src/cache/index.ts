export * from './cache.ts';
export * from './create-cache.ts';
