import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const stopped = new WeakSet<RequestQueue>();

/**
 * Stops the request queues of kafkajs 2.2.4 from waking up every millisecond for nothing, in this process.
 *
 * After each response a queue plans its next look at the requests that wait, `throttledUntil - Date.now()` from now. Unthrottled that is minus 55 years, which Node
 * takes for 1 ms (and since Node 24 warns about, `TimeoutNegativeWarning`); that look plans the next (https://github.com/tulios/kafkajs/issues/1751).
 * With nothing waiting there is nothing to look for, and a request that comes to wait plans a look of its own.
 */
export function stopIdlePolling(): void {
  const { prototype } = RequestQueue;
  if (stopped.has(prototype)) return;
  stopped.add(prototype);
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenSomethingWaits(this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
