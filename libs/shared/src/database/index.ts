export * from './create-database.ts';
export { isUniqueViolation, sqlState } from './database-errors.ts';
export * from './database.ts';
export { deleteInBatches } from './delete-in-batches.ts';
export * from './listener.ts';
export { quoteIdentifier } from './migrate.ts';
