import { RoutingCrds } from "../../../components/index.ts";
import { readConfig } from "../../../stack/config.ts";
import { createProviders } from "../../../stack/providers.ts";

const config = readConfig();
const provider = createProviders(config).definitions;
new RoutingCrds("crds", { crds: config.crds, retain: config.retainCrds }, { provider });
