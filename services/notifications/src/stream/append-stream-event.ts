import { currentTraceId } from '@doubleshot/shared/telemetry';

/** Ends an INSERT of (customer_id, 1) into `stream_heads`: takes the customer's next id, under the lock of their head row, which is held until commit. */
export const TAKE_STREAM_ID = 'ON CONFLICT (customer_id) DO UPDATE SET last_id = stream_heads.last_id + 1 RETURNING last_id';

/** The data of a stream event, with the trace in which it happens: who resumes later is told the same. */
export function traced<T extends object>(data: T): T & { traceId?: string } {
  const traceId = currentTraceId();
  return traceId === undefined ? data : { ...data, traceId };
}
