import { runProcess } from '@doubleshot/shared/runtime';
import { ordersModule } from './index.ts';

await runProcess({ name: 'orders', modules: [ordersModule] });
