export * from './error-code.ts';
export * from './problem-error.ts';
