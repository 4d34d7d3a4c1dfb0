/** What a broker said instead of doing what it was asked. */
export interface BrokerAnswer {
  /** Its name in the protocol, as `NOT_LEADER_FOR_PARTITION`. */
  type: string;
  /** It says no for now: as while it loads a group, or before the leader of a new partition has taken office. */
  retriable: boolean;
}

/** The answer behind an error of kafkajs, which may be wrapped in that of its retries; nothing when the broker did not answer. */
export function answerOf(error: unknown): BrokerAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('type' in error && typeof error.type === 'string') return { type: error.type, retriable: 'retriable' in error && error.retriable === true };
  return answerOf(error.cause);
}
