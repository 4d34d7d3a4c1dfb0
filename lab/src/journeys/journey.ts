/** What people do in the shop, each of which may break by itself. */
export const JOURNEYS = ['menu', 'log in', 'order', 'look', 'told'] as const;
export type Journey = (typeof JOURNEYS)[number];

/** What each means, for people. */
export const JOURNEY_MEANINGS: Readonly<Record<Journey, string>> = {
  menu: 'GET /menu',
  'log in': 'POST /auth/login',
  order: 'POST /orders',
  look: 'GET /orders',
  told: 'an order that was accepted is announced on the stream when it is ready',
};

/** One try at a journey. Times by `performance.now()`. */
export interface Attempt {
  journey: Journey;
  startedAt: number;
  endedAt: number;
  /** The answer that somebody who asks for what can be had has to get. */
  ok: boolean;
  /** Status or problem code, or the code of the network error. */
  answer: string;
}
