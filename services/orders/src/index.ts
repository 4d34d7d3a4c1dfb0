export { createOrdersModule, ordersModule, type OrdersDeps } from './orders-module.ts';
