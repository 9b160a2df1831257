import process from "node:process";
import { Image } from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`The test has not set ${name}`);
  return value;
};

const imageName = setting("IMAGE_NAME");
const context = setting("IMAGE_CONTEXT");
const image = new Image("echo", {
  imageName,
  build: {
    context,
    dockerfile: `${context}/Dockerfile`,
    platform: "linux/amd64",
    args: { NODE_IMAGE: setting("IMAGE_BASE") },
    builderVersion: setting("IMAGE_BUILDER") === "1" ? "BuilderV1" : "BuilderBuildKit",
  },
  registry: {
    server: imageName.split("/")[0] ?? "",
    username: "u",
    password: pulumi.secret(setting("IMAGE_PASSWORD")),
  },
});

export const repoDigest = image.repoDigest;
