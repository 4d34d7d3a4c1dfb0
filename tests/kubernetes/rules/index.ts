import { ENVIRONMENT_RULES } from './environment.ts';
import { HOST_RULES } from './hosts.ts';
import { LIFECYCLE_RULES } from './lifecycle.ts';
import { NAME_RULES } from './names.ts';
import { REFERENCE_RULES } from './references.ts';
import { RESOURCE_RULES } from './resources.ts';
import type { Rule } from './rule.ts';
import { SCALING_RULES } from './scaling.ts';
import { SECRET_RULES } from './secrets.ts';
import { SECURITY_RULES } from './security.ts';
import { TRAFFIC_RULES } from './traffic.ts';

/** Everything that holds for every rendering. Each has a probe in ../probes that breaks it. */
export const RULES: readonly Rule[] = [
  ...NAME_RULES,
  ...SECURITY_RULES,
  ...SECRET_RULES,
  ...RESOURCE_RULES,
  ...LIFECYCLE_RULES,
  ...SCALING_RULES,
  ...REFERENCE_RULES,
  ...HOST_RULES,
  ...ENVIRONMENT_RULES,
  ...TRAFFIC_RULES,
];
