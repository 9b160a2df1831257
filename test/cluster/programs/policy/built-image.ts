import * as pulumi from "@pulumi/pulumi";
import { createDeployment } from "./place.ts";

/** Stands for a build, which names its image only once it has run. */
class Build extends pulumi.dynamic.Resource {
  declare readonly image: pulumi.Output<string>;
  constructor(name: string, image: string) {
    super({ create: (inputs: object) => Promise.resolve({ id: name, outs: { ...inputs, image } }) }, name, {
      image: undefined,
    });
  }
}

createDeployment(new Build("web", new pulumi.Config().require("built")).image);
