import { passStep } from '../telemetry/steps.ts';
import type { Outcome } from './message.ts';

const DOING = { done: 'acknowledging', retry: 'retrying', park: 'parking' } as const;
const STEPS = {
  before: { done: `before ${DOING.done}`, retry: `before ${DOING.retry}`, park: `before ${DOING.park}` },
  after: { done: `after ${DOING.done}`, retry: `after ${DOING.retry}`, park: `after ${DOING.park}` },
} as const;

/** Passes the step before or after a delivery is acknowledged, sent again or parked. Called by adapters, around what the backend is told. */
export function passSettling(moment: keyof typeof STEPS, kind: Outcome['kind'], source: string, messageId: string): void {
  passStep(STEPS[moment][kind], source, messageId);
}
