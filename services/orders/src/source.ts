/** Schema of this module in its database. Statements name it. */
export const SCHEMA = 'orders';

/** `source` of the messages this module writes. */
export const SOURCE = '/doubleshot/orders';
