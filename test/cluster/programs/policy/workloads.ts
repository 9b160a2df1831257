import { createDeployment } from "./place.ts";

createDeployment(`registry.example.com/web@sha256:${"5".repeat(64)}`, true);
