import type { Container, Manifest, PodSpec, Spec } from '../../../deploy/k8s/manifest.ts';

/** By the name of a rule: changes the objects so that it no longer holds. */
export type Probes = Readonly<Record<string, (objects: Manifest[]) => void>>;

/** The object of a kind and name; the first where there are several. */
export function object(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`the probe needs ${kind} ${name}`);
  return found;
}

export function specOf(objects: readonly Manifest[], kind: string, name: string): Spec {
  return object(objects, kind, name).spec ?? {};
}

export function podOf(objects: readonly Manifest[], kind: string, name: string): PodSpec {
  return specOf(objects, kind, name).template!.spec;
}

/** Its first container. */
export function containerOf(objects: readonly Manifest[], kind: string, name: string): Container {
  return podOf(objects, kind, name).containers[0]!;
}

/** Gives a variable of a process another value, or a new variable. */
export function setVariable(objects: readonly Manifest[], name: string, [variable, value]: readonly [string, string]): void {
  const container = containerOf(objects, 'Deployment', name);
  container.env = [...(container.env ?? []).filter((each) => each.name !== variable), { name: variable, value }];
}

export function dropVariable(objects: readonly Manifest[], name: string, variable: string): void {
  const container = containerOf(objects, 'Deployment', name);
  container.env = (container.env ?? []).filter((each) => each.name !== variable);
}

export function remove(objects: Manifest[], kind: string, name: string): void {
  objects.splice(objects.indexOf(object(objects, kind, name)), 1);
}
