import { join, resolve } from 'node:path';

/** The clone this lab runs in. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where runs keep their logs and `up` its state; never committed. */
export const STATE_FOLDER = join(ROOT, '.doubleshot');

/** Where reports are written. */
export const REPORT_FOLDER = join(ROOT, 'reports', 'latest');
