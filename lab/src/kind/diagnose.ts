import { z } from 'zod';
import { describeLog } from '../topology/log-tail.ts';
import { kubectl } from './cluster.ts';
import { describeTrouble, type PodTrouble } from './pod-trouble.ts';
import { nameOf, refusalOf, type ClusterObject } from './workload.ts';

const LOG_LINES = 5;
const EVENT_LINES = 6;
const ReplicaSets = z.object({ items: z.array(z.object({ metadata: z.object({ name: z.string(), ownerReferences: z.array(z.object({ name: z.string() })).default([]) }) })) });

/** What the cluster and the pod itself have to say about a trouble: latest events, last lines of the log. */
export async function diagnose(trouble: PodTrouble): Promise<string> {
  const { namespace, pod, hasRestarted } = trouble;
  const logCommand = ['logs', '--namespace', namespace, pod, '--all-containers', `--tail=${LOG_LINES}`, ...(hasRestarted ? ['--previous'] : [])];
  const [events, log] = await Promise.all([latestEvents(namespace, [`pod/${pod}`]), orNothing(kubectl(logCommand))]);
  return [describeTrouble(trouble), ...events, describeLog(log, `kubectl ${logCommand.join(' ')}`)].join('\n');
}

/** What the cluster has to say about a workload of which it makes no pod. */
export async function diagnoseWorkload(workload: ClusterObject): Promise<string> {
  const { kind, metadata: { namespace, name } } = workload;
  // A Deployment leaves making pods to its ReplicaSets, and they tell what came of it.
  const sets = kind === 'Deployment' ? await replicaSetsOf(namespace, name) : [];
  const events = await latestEvents(namespace, [`${kind.toLowerCase()}/${name}`, ...sets.map((set) => `replicaset/${set}`)]);
  return [`${nameOf(workload)} has no pod${describeRefusal(workload)}`, ...events].join('\n');
}

function describeRefusal(workload: ClusterObject): string {
  const refusal = refusalOf(workload);
  return refusal === undefined ? '' : `: ${refusal}`;
}

async function replicaSetsOf(namespace: string, deployment: string): Promise<string[]> {
  const answer = await orNothing(kubectl(['get', 'replicasets', '--namespace', namespace, '--output=json']));
  const { items } = ReplicaSets.parse(answer === '' ? { items: [] } : JSON.parse(answer));
  return items.filter(({ metadata }) => metadata.ownerReferences.some((owner) => owner.name === deployment)).map(({ metadata }) => metadata.name);
}

async function latestEvents(namespace: string, subjects: readonly string[]): Promise<string[]> {
  const events = await Promise.all(subjects.map((subject) => orNothing(kubectl(['events', '--namespace', namespace, '--for', subject, '--no-headers']))));
  const lines = events.flatMap((text) => text.trim().split('\n').slice(-EVENT_LINES)).filter((line) => line !== '');
  return lines.length === 0 ? [] : ['its latest events:', ...lines.map((line) => `  ${line}`)];
}

/** A container that never ran has no log, and one that is gone no events. */
function orNothing(asking: Promise<string>): Promise<string> {
  return asking.catch(() => '');
}
