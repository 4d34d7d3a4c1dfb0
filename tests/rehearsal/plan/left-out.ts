/** Kinds of objects that a rehearsal leaves out; docs/kubernetes.md says what it therefore does not try. */
export const LEFT_OUT: readonly string[] = ['NetworkPolicy', 'Ingress', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];
/** Kinds that are read where others name them. */
export const READ_BY_NAME: readonly string[] = ['Namespace', 'ConfigMap', 'Service'];
