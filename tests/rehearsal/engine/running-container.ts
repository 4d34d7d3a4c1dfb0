import type { PlannedContainer } from '../plan/planned-container.ts';
import type { PlannedPod } from '../plan/planned-pod.ts';

export interface RunningContainer {
  id: string;
  /** Its name in the network. */
  host: string;
  pod: PlannedPod;
  plan: PlannedContainer;
}
