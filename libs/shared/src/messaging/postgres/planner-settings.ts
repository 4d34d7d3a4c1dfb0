/**
 * Queues are read along an index. Their statistics say nothing: a plan made while a table was empty would read and sort all of it when it is full.
 */
export const QUEUE_PLANNER_SETTINGS = { enable_seqscan: 'off', enable_bitmapscan: 'off', enable_sort: 'off' } as const;
