import { generate } from './generate.ts';
import { GeneratorJob } from './generator-protocol.ts';

// The program that makes the requests: apart from the lab, so that its CPU time is its own and a busy lab does not delay it. Ends when the lab lets go of it.
process.on('message', (message) => {
  const job = GeneratorJob.parse(message);
  generate(job).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ id: job.id, failure: error instanceof Error ? error.message : String(error) }),
  );
});
