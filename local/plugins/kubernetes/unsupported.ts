import { UnimplementedError } from "../provider/index.ts";

/** What to do about a part of the official plugin that the stand-in leaves out. */
export const officialPluginHint =
  "install the official plugin (`pulumi plugin install resource kubernetes`), or declare the objects one by one";

/** The stand-in has no component resources: charts, kustomizations and YAML files are the official plugin's. */
export const refuseComponent = (type: string): never => {
  throw new UnimplementedError(
    `${type} is not supported by this stand-in of the kubernetes plugin: ${officialPluginHint}`,
  );
};
