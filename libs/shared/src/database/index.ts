export * from './create-database.ts';
export { isUniqueViolation, sqlState } from './database-errors.ts';
export * from './database.ts';
export * from './listener.ts';
export { quoteIdentifier } from './migrate.ts';
