import type { Operation } from '@doubleshot/contracts';
import type { Handler } from './handler.ts';

/** An operation with the handler that answers it. */
export interface BoundOperation {
  operation: Operation;
  handler: Handler<Operation>;
}

/** Binds a handler to the operation whose schemas type its input. */
export function handle<O extends Operation>(operation: O, handler: Handler<O>): BoundOperation {
  // The router gives a handler only what the schemas of its own operation let through.
  return { operation, handler: handler as Handler<Operation> };
}
