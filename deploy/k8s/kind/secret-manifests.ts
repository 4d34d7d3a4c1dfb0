/** A Secret as `kubectl apply` takes it. */
export interface SecretManifest {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  stringData: Record<string, string>;
}

export interface SecretOptions {
  /** What is there already, by `namespace/name`, then by key: a password that an engine began with stays. */
  existing: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** A new password: letters and digits alone, for it stands in URLs. */
  password: () => string;
  /** Of the first staff user; that which is there already, or staff@doubleshot.example, unless told. */
  staffEmail?: string | undefined;
}

const ENGINES = 'doubleshot-engines';
const MONO = 'doubleshot-mono';
const MICRO = 'doubleshot-micro';

/** The engines' addresses, as their Services have them. */
const HOSTS = { postgres: `postgres.${ENGINES}:5432`, redis: `redis.${ENGINES}:6379`, kafka: `kafka.${ENGINES}:9092`, rabbitmq: `rabbitmq.${ENGINES}:5672`, mailpit: `mailpit.${ENGINES}:1025` };

/** Every Secret that the manifests name. Keys of a process are its variables; an engine has what its image reads. */
export function createSecretManifests({ existing, password, staffEmail }: SecretOptions): SecretManifest[] {
  const kept = (secret: string, key: string): string => existing.get(secret)?.[key] ?? password();
  const databases = Object.fromEntries(['postgres', 'monolith', 'auth', 'orders', 'notifications'].map((name) => [name, kept(`${ENGINES}/postgres`, name)]));
  const redis = kept(`${ENGINES}/redis`, 'password');
  const rabbitmq = kept(`${ENGINES}/rabbitmq`, 'password');
  const database = (name: string): Record<string, string> => ({ DATABASE_URL: `postgres://${name}:${databases[name] ?? ''}@${HOSTS.postgres}/${name}` });
  const eventLog = { EVENT_LOG_URL: `kafka://${HOSTS.kafka}` };
  const taskQueue = { TASK_QUEUE_URL: `amqp://doubleshot:${rabbitmq}@${HOSTS.rabbitmq}` };
  const cache = (number: number): Record<string, string> => ({ CACHE_URL: `redis://:${redis}@${HOSTS.redis}/${number}` });
  const mail = { SMTP_URL: `smtp://${HOSTS.mailpit}` };
  const ofAuth = (secret: string): Record<string, string> => ({
    SIGNING_KEY_SECRET: kept(secret, 'SIGNING_KEY_SECRET'),
    STAFF_EMAIL: staffEmail ?? existing.get(secret)?.['STAFF_EMAIL'] ?? 'staff@doubleshot.example',
    STAFF_PASSWORD: kept(secret, 'STAFF_PASSWORD'),
  });
  return [
    secret(ENGINES, 'postgres', databases),
    secret(ENGINES, 'redis', { password: redis, 'password.conf': `requirepass ${redis}\n` }),
    secret(ENGINES, 'rabbitmq', { password: rabbitmq, '20-default-user.conf': `default_user = doubleshot\ndefault_pass = ${rabbitmq}\n` }),
    // Another database of Redis than the microservices have: their menus have the same key.
    secret(MONO, 'monolith', { ...database('monolith'), ...cache(1), ...mail, ...ofAuth(`${MONO}/monolith`) }),
    secret(MICRO, 'auth', { ...database('auth'), ...eventLog, ...taskQueue, ...ofAuth(`${MICRO}/auth`) }),
    secret(MICRO, 'orders', { ...database('orders'), ...eventLog, ...taskQueue, ...cache(0) }),
    secret(MICRO, 'notifications', { ...database('notifications'), ...eventLog, ...taskQueue, ...mail }),
  ];
}

function secret(namespace: string, name: string, stringData: Record<string, string>): SecretManifest {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'doubleshot' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, stringData };
}
