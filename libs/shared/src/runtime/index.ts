export { COMMON_SETTINGS, TOKEN_SETTINGS } from './common-settings.ts';
export * from './listen-error.ts';
export * from './module.ts';
export * from './open-all.ts';
export * from './periodic.ts';
export { modulesSetting, processShape } from './process-settings.ts';
export * from './run-process.ts';
export { startProcess, type ProcessOptions, type RunningProcess } from './start-process.ts';
