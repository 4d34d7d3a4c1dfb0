import { runProcess } from '@doubleshot/shared/runtime';
import { gatewayModule } from './index.ts';

await runProcess({ name: 'gateway', modules: [gatewayModule] });
