export * from './describe-settings.ts';
export * from './environment.ts';
export * from './kafka-url.ts';
export * from './parse-settings.ts';
export * from './setting-schemas.ts';
export * from './settings-error.ts';
