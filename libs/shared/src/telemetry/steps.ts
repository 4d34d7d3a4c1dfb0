import { channel } from 'node:diagnostics_channel';

/** What is published on the channel {@link STEP_CHANNEL}. */
export interface Step {
  /** The same wherever it is passed in the same way: `after orders.place`, `before acknowledging brewing.espresso`. docs/steps.md lists them. */
  step: string;
  /** Id of the message it is about; '' where there is none. */
  about: string;
}

/** `node:diagnostics_channel` on which a process tells, synchronously, of each step at which its end would matter. */
export const STEP_CHANNEL = 'doubleshot:step';

const steps = channel(STEP_CHANNEL);

/** Whether anybody listens: what a step is called need not be worked out for nobody. */
export function stepsAreHeard(): boolean {
  return steps.hasSubscribers;
}

/** Passes the step `<moment> <what>`. Costs next to nothing while nobody subscribes: the parts are only joined for a subscriber. */
export function passStep(moment: string, what: string, about = ''): void {
  if (steps.hasSubscribers) steps.publish({ step: `${moment} ${what}`, about } satisfies Step);
}
