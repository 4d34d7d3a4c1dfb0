/** How a user of Kafka proves who they are (SASL). */
export interface KafkaCredentials {
  mechanism: KafkaMechanism;
  username: string;
  password: string;
}

/** What a URL says of a Kafka cluster. */
export interface KafkaAddress {
  /** `host:port` of each broker that is named. */
  brokers: string[];
  tls: boolean;
  credentials?: KafkaCredentials;
}

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
type KafkaMechanism = (typeof MECHANISMS)[number];

/** What such a URL looks like, for messages. */
export const KAFKA_URL_FORM = 'kafka://host:port,host:port, or kafka+ssl://user:password@host:port,host:port?sasl_mechanism=SCRAM-SHA-512';

const DEFAULT_PORT = '9092';
const KAFKA_URL = /^kafka(?<tls>\+ssl)?:\/\/(?:(?<user>[^:@/?#]+):(?<password>[^:@/?#]+)@)?(?<hosts>[^/?#@]+)\/?(?:\?sasl_mechanism=(?<mechanism>[\w-]+))?$/;

/**
 * Reads `kafka://host:port,host:port…`, with TLS `kafka+ssl://…`; port 9092 unless told. `user:password@` (percent-encoded) stands before the first host, and then
 * `?sasl_mechanism=PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512` behind the last. Nothing for what is no such URL.
 */
export function readKafkaUrl(url: string): KafkaAddress | undefined {
  const { tls, user, password, hosts = '', mechanism } = KAFKA_URL.exec(url)?.groups ?? {};
  const brokers = hosts.split(',').flatMap((host) => brokerAt(host) ?? []);
  if (hosts === '' || brokers.length < hosts.split(',').length) return undefined;
  if (user === undefined || password === undefined) return mechanism === undefined ? { brokers, tls: tls !== undefined } : undefined;
  const known = MECHANISMS.find((each) => each === mechanism?.toLowerCase());
  const [username, secret] = [decoded(user), decoded(password)];
  return known === undefined || username === undefined || secret === undefined ? undefined : { brokers, tls: tls !== undefined, credentials: { mechanism: known, username, password: secret } };
}

function brokerAt(host: string): string | undefined {
  const address = `kafka://${host}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  return hostname === '' ? undefined : `${hostname}:${port === '' ? DEFAULT_PORT : port}`;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
