import { serve } from "../provider/index.ts";
import { KubernetesProvider } from "./provider.ts";

await serve((context) => new KubernetesProvider(context));
