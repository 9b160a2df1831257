import { keepProxiesOffLoopback } from "../loopback.ts";
import { serve } from "../provider/index.ts";
import { KubernetesProvider } from "./provider.ts";

keepProxiesOffLoopback(process.env);
await serve((context) => new KubernetesProvider(context));
