import type { AuditProgress } from '../audit/audit-shop.ts';

type Step = AuditProgress | { step: 'start'; message: string };

/** How often it is told how many orders have been placed. */
const TIMES = 10;

/** Tells people what an audit does, in lines for `print`. */
export function tellAudit(print: (line: string) => void): (step: Step) => void {
  let due = 0;
  return (step) => {
    if (step.step === 'load') {
      if (step.sent < due) return;
      due = step.sent < step.total ? Math.min(step.total, step.sent + step.total / TIMES) : Infinity;
    }
    print(describe(step));
  };
}

function describe(step: Step): string {
  switch (step.step) {
    case 'start':
      return step.message;
    case 'prepare':
      return 'registering customers';
    case 'load':
      return `placing orders: ${step.sent} of ${step.total}`;
    case 'kill':
      return `killed ${step.process}`;
    case 'drain':
      return 'letting the pipes run empty';
    case 'observe':
      return 'looking at every order, notification, e-mail and stream';
  }
}
