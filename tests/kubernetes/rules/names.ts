import { faultsOfContainers, workloadsOf } from '../workloads.ts';
import type { Rule } from './rule.ts';

const LABELS = ['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app.kubernetes.io/part-of'];

export const NAME_RULES: readonly Rule[] = [
  {
    name: 'every workload and its pods say what they are, and that they are part of Doubleshot',
    faults: (objects) =>
      workloadsOf(objects)
        .filter(({ object: { metadata }, labels }) => [metadata.labels ?? {}, labels].some((each) => LABELS.some((label) => each[label] === undefined) || each['app.kubernetes.io/part-of'] !== 'doubleshot'))
        .map(({ name }) => `${name} lacks a label`),
  },
  {
    name: 'every object says that it is part of Doubleshot',
    faults: (objects) => objects.filter(({ kind, metadata: { labels = {} } }) => kind !== 'ConfigMap' && labels['app.kubernetes.io/part-of'] !== 'doubleshot').map(({ kind, metadata }) => `${kind} ${metadata.name} does not say so`),
  },
  {
    name: 'every image has a tag, and it is not latest',
    faults: (objects) => faultsOfContainers(objects, ({ image }) => (/:(?!latest$)[\w.-]+$/.test(image.slice(image.lastIndexOf('/') + 1)) ? undefined : `${image} has no version`)),
  },
];
