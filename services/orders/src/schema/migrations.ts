import type { Migration } from '@doubleshot/shared/database';
import { OUTBOX_MIGRATION, OUTBOX_PARKED_MIGRATION } from '@doubleshot/shared/messaging';
import { CREATE_ORDERS_TABLES } from './create-orders-tables.ts';

/** Applied to the schema `orders`, in this order, for ever. */
export const MIGRATIONS: readonly Migration[] = [OUTBOX_MIGRATION, CREATE_ORDERS_TABLES, OUTBOX_PARKED_MIGRATION];
