import { serve } from "../provider/index.ts";
import { DockerProvider } from "./provider.ts";

await serve((context) => new DockerProvider(context));
