import type { ContainerTemplate } from './pod-schema.ts';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';

/** What a container may ask about its pod. */
export interface PodFacts {
  name: string;
  namespace: string;
  labels: Readonly<Record<string, string>>;
}

/** The variables of a container: later ones may name earlier ones as `$(NAME)`. */
export function variablesOf({ name: container, env, envFrom }: ContainerTemplate, pod: PodFacts, settings: Settings): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const { configMapRef, secretRef } of envFrom) {
    if (configMapRef !== undefined) Object.assign(variables, settings.all('ConfigMap', configMapRef.name));
    if (secretRef !== undefined) Object.assign(variables, settings.all('Secret', secretRef.name));
  }
  for (const { name, value = '', valueFrom: { configMapKeyRef, secretKeyRef, fieldRef } = {} } of env) {
    if (configMapKeyRef !== undefined) variables[name] = settings.one('ConfigMap', configMapKeyRef.name, configMapKeyRef.key);
    else if (secretKeyRef !== undefined) variables[name] = settings.one('Secret', secretKeyRef.name, secretKeyRef.key);
    else if (fieldRef !== undefined) variables[name] = fieldOf(pod, fieldRef.fieldPath, container);
    else variables[name] = expanded(value, variables);
  }
  return variables;
}

/** `$(NAME)` is a variable, `$$(NAME)` is that text, and what is not known stays as it is. */
export function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([\w.-]+)\)/g, (found, name: string | undefined) => (name === undefined ? '$' : (variables[name] ?? found)));
}

function fieldOf({ name, namespace, labels }: PodFacts, path: string, container: string): string {
  if (path === 'metadata.name') return name;
  if (path === 'metadata.namespace') return namespace;
  const label = labels[/^metadata\.labels\['(.*)'\]$/.exec(path)?.[1] ?? ''];
  if (label === undefined) throw new Refusal(`${namespace}/${name}: ${container}`, `the rehearsal does not know the field ${path}`);
  return label;
}
