import { keepProxiesOffLoopback } from "../loopback.ts";
import { serve } from "../provider/index.ts";
import { DockerProvider } from "./provider.ts";

keepProxiesOffLoopback(process.env);
await serve((context) => new DockerProvider(context));
