import { readConfig } from "../../../../stack/config.ts";
import { createProviders } from "../../../../stack/providers.ts";

createProviders(readConfig());
