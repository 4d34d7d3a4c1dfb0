import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { comparisonJsonSchema } from './report-schema.ts';

// A program: publishes the schema of compare.json.
await writeFile(join(ROOT, 'lab', 'compare.schema.json'), `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`);
