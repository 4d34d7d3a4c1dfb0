import { authModule } from '@doubleshot/auth';
import { gatewayModule } from '@doubleshot/gateway';
import { notificationsModule } from '@doubleshot/notifications';
import { ordersModule } from '@doubleshot/orders';
import { runProcess } from '@doubleshot/shared/runtime';

// Consumers of facts start first and stop last; the gateway needs the routers of all others. MODULES limits the process to some of them.
await runProcess({ name: 'monolith', modules: [notificationsModule, authModule, ordersModule, gatewayModule] });
