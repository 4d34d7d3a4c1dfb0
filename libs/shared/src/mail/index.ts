export * from './create-mailer.ts';
export * from './mailer.ts';
export * from './mailer-unavailable-error.ts';
