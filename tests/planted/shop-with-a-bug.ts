import { authModule } from '@doubleshot/auth';
import { gatewayModule } from '@doubleshot/gateway';
import { notificationsModule } from '@doubleshot/notifications';
import { ordersModule } from '@doubleshot/orders';
import { runProcess, type ModuleDefinition } from '@doubleshot/shared/runtime';
import { PLOTS } from './bugs.ts';
import { plant, type Fault } from './faults.ts';

// The monolith of the real modules, some of which are given broken parts. Its first argument names the plot.
const plot = PLOTS[process.argv[2] ?? ''];
if (plot === undefined) throw new Error(`unknown plot "${process.argv[2] ?? ''}"`);

const planted = (definition: ModuleDefinition, faults: readonly Fault[] = []): ModuleDefinition =>
  // The last fault lies nearest to the module: it meets what the others do.
  faults.toReversed().reduce(plant, definition);
const notifications = planted(notificationsModule, plot.notifications);
const orders = planted(ordersModule, plot.orders);
await runProcess({ name: 'monolith', modules: [notifications, authModule, orders, gatewayModule] });
