/** The routing language: declared objects → parse → analyze → compile. Pure: no input, no output, no clock. */
export { compareAge } from "./age.ts";
export { analyze } from "./analyze/index.ts";
export type { AnalyzeOptions } from "./analyze/options.ts";
export { catalogue, documentationUrl, messageOf, type CatalogueEntry, type Code } from "./catalogue.ts";
export { examples, type MessageExample } from "./catalogue/examples.ts";
export { resolveEndpoints } from "./compile/endpoints.ts";
export { compile, type Compiled } from "./compile/index.ts";
export { customResourceDefinitions } from "./crd/index.ts";
export { matchRoute, selectChain, type ConnectionFacts } from "./match.ts";
export { compareMessages, type Level, type Message } from "./message.ts";
export * from "./objects.ts";
export { parseObject, type ParsedObject, type ParseObjectOptions } from "./parse/object.ts";
export { parseYaml, parseYamlList, type ParsedYaml, type ParseYamlOptions } from "./parse/yaml.ts";
export { resourceName } from "./resolve/about.ts";
export { formatSelector, selects } from "./selector.ts";
export { parseAddress, parseSubnet } from "./subnet.ts";
export * from "./table.ts";
export type { Workload } from "./workload.ts";
