import { runProcess } from '@doubleshot/shared/runtime';
import { notificationsModule } from './index.ts';

await runProcess({ name: 'notifications', modules: [notificationsModule] });
