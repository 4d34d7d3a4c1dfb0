import type { Manifest } from '../../../deploy/k8s/manifest.ts';

/** Something that holds for every set of objects that is applied together. */
export interface Rule {
  /** What holds. */
  name: string;
  /** Where it does not. */
  faults(objects: readonly Manifest[]): string[];
}
