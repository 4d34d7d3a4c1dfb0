export { createGatewayModule, gatewayModule, type GatewayDeps } from './gateway-module.ts';
export { createOpenApiDocument, type OpenApiDocument } from './openapi/openapi-document.ts';
export { createSchemaCollector, type JsonSchema, type JsonSchemaDialect, type SchemaCollector } from './openapi/json-schemas.ts';
