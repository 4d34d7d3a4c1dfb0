/** What is used of a class that kafkajs has, but does not declare. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  class RequestQueue {
    pending: unknown[];
    scheduleCheckPendingRequests(): void;
  }
  export = RequestQueue;
}
