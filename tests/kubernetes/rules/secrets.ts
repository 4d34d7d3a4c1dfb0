import { faultsOfContainers, ofKind } from '../workloads.ts';
import type { Rule } from './rule.ts';

const SECRET_NAME = /SECRET|PASSWORD|TOKEN|_KEY$/;
/** A URL with a password in it. */
const CREDENTIALS = /:\/\/[^/@\s]*:[^/@\s]+@/;

export const SECRET_RULES: readonly Rule[] = [
  {
    name: 'no secret is in the manifests',
    faults: (objects) => [
      ...ofKind(objects, 'Secret').map(({ metadata }) => `${metadata.name} is a Secret`),
      ...ofKind(objects, 'ConfigMap').flatMap(({ metadata, data = {} }) => Object.entries(data).filter(([, text]) => CREDENTIALS.test(text)).map(([key]) => `${metadata.name}: ${key} has a password in it`)),
      ...faultsOfContainers(objects, ({ env = [] }) => {
        const telling = env.filter(({ name, value }) => value !== undefined && ((SECRET_NAME.test(name) && !name.endsWith('_FILE')) || CREDENTIALS.test(value)));
        return telling.length === 0 ? undefined : `${telling.map(({ name }) => name).join(', ')} in plain text`;
      }),
    ],
  },
  {
    name: 'secrets come as files, not as variables',
    faults: (objects) =>
      faultsOfContainers(objects, ({ env = [], envFrom = [] }) => {
        const variables = env.filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined).map(({ name }) => name);
        return variables.length === 0 && envFrom.length === 0 ? undefined : `${variables.join(', ') || 'envFrom'} is no file`;
      }),
  },
];
