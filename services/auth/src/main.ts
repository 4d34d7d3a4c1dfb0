import { runProcess } from '@doubleshot/shared/runtime';
import { authModule } from './index.ts';

await runProcess({ name: 'auth', modules: [authModule] });
