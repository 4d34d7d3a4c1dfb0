import type { UpSettings } from './up-settings.ts';
import type { UpState } from './up-state.ts';

/** From `up` to the supervisor it started. */
export interface SupervisorOrder {
  settings: UpSettings;
  logFolder: string;
}

/** From the supervisor to `up`, until it is ready or has failed. */
export type SupervisorReport = { kind: 'progress'; message: string } | { kind: 'ready'; state: UpState } | { kind: 'failed'; message: string; exitCode: number };
