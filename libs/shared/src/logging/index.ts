export * from './log-level-control.ts';
export * from './log-level.ts';
export * from './logger.ts';
export { REDACTED_FIELDS, REDACTION } from './redaction.ts';
