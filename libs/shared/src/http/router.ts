import type { IncomingMessage, ServerResponse } from 'node:http';

/** Leaves a request to the next router, or, with an error, to the answer for that. */
export type Next = (error?: unknown) => void;

/** Answers a request, or calls `next`: a middleware of express that asks for no more than Node.js gives. */
export type Router = (request: IncomingMessage, response: ServerResponse, next: Next) => void;
